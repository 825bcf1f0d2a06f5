/**
 * Which way out there is. `auto` takes a pair of devices where the worker is the machine's root and
 * nothing of the machine's keeps packets from being forwarded, and pasta otherwise. What was asked
 * for and cannot be had is refused, with what to do about it.
 */
import { accessSync, constants } from "node:fs";
import { messageOf, SandboxError } from "../../errors.ts";
import { findProgram } from "../../host/programs.ts";
import { hasNftables } from "../../kernel/nftables.ts";
import type { UplinkChoice } from "../port.ts";

export type ChosenUplink =
  | { readonly kind: "veth" }
  | { readonly kind: "pasta"; readonly program: string };

export interface Circumstances {
  readonly choice: UplinkChoice;
  readonly isRoot: boolean;
  /** What keeps packets from being forwarded, if anything does. */
  readonly findDroppingFirewall: () => Promise<string | undefined>;
}

const closedInstead = "or start with --sandbox-network=closed: functions reach nothing then";

export async function chooseUplink(circumstances: Circumstances): Promise<ChosenUplink> {
  const { choice, findDroppingFirewall, isRoot } = circumstances;
  if (!hasNftables()) {
    const install = "apt-get install nftables, dnf install nftables, pacman -S nftables";
    throw refusal("the library of nftables is missing", install);
  }
  if (choice === "veth" && !isRoot) {
    throw refusal("a pair of devices needs the machine's root", "--sandbox-uplink=pasta");
  }
  if (choice === "veth") return { kind: "veth" };
  if (choice === "pasta" || !isRoot) return pasta();
  const firewall = await findDroppingFirewall();
  if (firewall === undefined) return { kind: "veth" };
  try {
    return pasta();
  } catch {
    throw refusal(firewall, "then start with --sandbox-uplink=veth; or apt-get install passt");
  }
}

function pasta(): ChosenUplink {
  const program = findProgram("pasta");
  if (program === undefined) {
    const install = "apt-get install passt, dnf install passt, pacman -S passt";
    throw refusal("the program pasta (passt) is missing", install);
  }
  try {
    accessSync("/dev/net/tun", constants.R_OK | constants.W_OK);
  } catch {
    throw refusal(
      "this user cannot open /dev/net/tun, which pasta needs",
      "chmod 666 /dev/net/tun, as root; to a container --device /dev/net/tun",
    );
  }
  return { kind: "pasta", program };
}

const REFUSED = "functions cannot reach the outside here";

function refusal(what: string, remedy: string): SandboxError {
  return new SandboxError(`${REFUSED}: ${what} (${remedy}; ${closedInstead})`);
}

/** Of whatever the kernel, nftables or pasta did not allow. */
export function asRefusal(error: unknown): SandboxError {
  const message = messageOf(error);
  if (message.startsWith(REFUSED)) return new SandboxError(message, { cause: error });
  return new SandboxError(`${REFUSED}: ${message} (${closedInstead})`, { cause: error });
}
