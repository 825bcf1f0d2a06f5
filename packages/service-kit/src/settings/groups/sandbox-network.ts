import { z } from "zod";
import { functionNetworksSchema } from "../function-networks.ts";
import { addresses, ipv4Range } from "../schemas.ts";
import type { SettingWithDefault } from "../setting.ts";

const reach = z.enum(["egress", "closed"], "must be egress or closed");
const uplink = z.enum(["auto", "veth", "pasta"], "must be auto, veth or pasta");
const SMALLEST_RANGE_PREFIX = 19;
const addressRange = ipv4Range(SMALLEST_RANGE_PREFIX);
const MOST_NAME_SERVERS = 3;
const nameServers = addresses(MOST_NAME_SERVERS);

export const sandboxNetworkSettings = {
  sandboxNetwork: {
    presence: "default",
    schema: reach,
    group: "functions",
    help: "What functions reach. `egress`: the outside, by TCP and UDP over IPv4, and names; but nothing private, nothing of this machine, of Paddock's or of other functions, and no metadata of clouds, unless functionNetworks lists it. `closed`: nothing. Where egress cannot be had the worker refuses to start and says what helps.",
    valueName: "kind",
    fallback: () => "egress",
  } satisfies SettingWithDefault<typeof reach>,
  sandboxUplink: {
    presence: "default",
    schema: uplink,
    group: "functions",
    help: "How functions' packets leave this machine. `veth`: by its own forwarding and nftables, as root. `pasta`: by connections of a program, as any user; slower. `auto`: veth as root where the machine's firewall lets packets be forwarded, else pasta.",
    valueName: "kind",
    fallback: () => "auto",
  } satisfies SettingWithDefault<typeof uplink>,
  sandboxAddressRange: {
    presence: "default",
    schema: addressRange,
    group: "functions",
    help: "Addresses that functions have. Only its last 256 are ever seen on this machine, in pairs between it and a worker; /19 at the least.",
    valueName: "cidr",
    fallback: () => "169.254.192.0/18",
  } satisfies SettingWithDefault<typeof addressRange>,
  sandboxNameServers: {
    presence: "default",
    schema: nameServers,
    group: "functions",
    help: "Whom functions' lookups are passed on to, at most three addresses; empty: the name servers of this machine.",
    valueName: "address,address",
    fallback: () => [],
    fallbackText: "those of /etc/resolv.conf",
  } satisfies SettingWithDefault<typeof nameServers>,
  functionNetworks: {
    presence: "default",
    schema: functionNetworksSchema,
    group: "functions",
    help: 'What functions may reach beyond the outside, as JSON: a list of `{functions, allow, lambdaApi}`. The first entry counts of which a name or pattern (`orders-*`) in `functions` fits. `allow` lists `{cidr, ports, protocol}`: IPv4, ports such as `[443, "8000-8010"]` (absent: all), `tcp` or `udp` (absent: both). `lambdaApi: true` opens Paddock\'s own API at 169.254.100.5, on its port.',
    valueName: "json",
    fallback: () => [],
    fallbackText: "`[]`",
  } satisfies SettingWithDefault<typeof functionNetworksSchema>,
} as const;
