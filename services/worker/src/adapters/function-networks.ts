/** The setting `functionNetworks`, as the sandbox package has it. Pure. */
import type { AllowList, NetworkAccess, PortRange } from "@paddock/sandbox";
import type { FunctionNetworks } from "@paddock/service-kit";

type Entry = FunctionNetworks[number];
type Port = NonNullable<Entry["allow"][number]["ports"]>[number];

/** One for each entry that allows anything. */
export function allowListsOf(networks: FunctionNetworks): AllowList[] {
  return networks.flatMap(({ allow }, index) => {
    if (allow.length === 0) return [];
    const destinations = allow.map(({ cidr, ports, protocol }) => ({
      cidr,
      ...(ports === undefined ? {} : { ports: ports.map(portRange) }),
      ...(protocol === undefined ? {} : { protocol }),
    }));
    return [{ name: nameOf(index), allow: destinations }];
  });
}

/** Of the first entry that fits; undefined: the outside alone. */
export function networkAccessOf(
  networks: FunctionNetworks,
  functionName: string,
): NetworkAccess | undefined {
  const index = networks.findIndex(({ functions }) => functions.some(fits(functionName)));
  const entry = networks[index];
  if (entry === undefined) return undefined;
  const { allow, lambdaApi } = entry;
  return { ...(allow.length === 0 ? {} : { allowList: nameOf(index) }), lambdaApi };
}

function nameOf(index: number): string {
  return `functionNetworks[${index}]`;
}

/** `*` stands for any characters; the setting's schema lets no other special ones through. */
function fits(functionName: string): (pattern: string) => boolean {
  return (pattern) => new RegExp(`^${pattern.replaceAll(/\*+/g, ".*")}$`).test(functionName);
}

function portRange(port: Port): PortRange {
  if (typeof port === "number") return { first: port, last: port };
  const [first = 0, last = 0] = port.split("-").map(Number);
  return { first, last };
}
