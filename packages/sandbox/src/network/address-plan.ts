/**
 * Who has which address. One range, of which only the last 256 addresses are ever seen outside of a
 * worker's own network: 64 pairs that join a worker's router with the machine. The others are those
 * of sandboxes, and the same in every worker. Pure.
 */
import { SandboxError } from "../errors.ts";
import { sandboxLimits } from "../limits.ts";

/** Name servers and Paddock's own API are found here, in every sandbox. */
export const SERVICE_ADDRESS = "169.254.100.5";

const UPLINK_ADDRESSES = sandboxLimits.uplinks * 4;

export interface UplinkPlan {
  /** The machine's end of the pair, and the router's. */
  readonly machine: string;
  readonly router: string;
  readonly prefix: number;
}

export interface AddressPlan {
  readonly sandboxes: number;
  sandbox(index: number): string;
  uplink(index: number): UplinkPlan;
}

/** Throws SandboxError where the range cannot be used. */
export function planAddresses(range: string): AddressPlan {
  const { first, size } = parseCidr(range);
  const sandboxes = size - UPLINK_ADDRESSES;
  if (sandboxes < sandboxLimits.sandboxes) {
    const needed = String(sandboxLimits.sandboxes + UPLINK_ADDRESSES);
    throw new SandboxError(`the address range ${range} is too small: ${needed} are needed (a /19)`);
  }
  return {
    sandboxes,
    sandbox: (index) => formatAddress(first + index),
    uplink: (index) => {
      const base = first + sandboxes + index * 4;
      return { machine: formatAddress(base + 1), router: formatAddress(base + 2), prefix: 30 };
    },
  };
}

export interface ParsedCidr {
  readonly first: number;
  readonly size: number;
}

/** Of IPv4, with no bits set beyond the prefix. */
export function parseCidr(text: string): ParsedCidr {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  const [a = 256, b = 256, c = 256, d = 256, prefix = 33] = (match ?? []).slice(1).map(Number);
  const first = ((a * 256 + b) * 256 + c) * 256 + d;
  const size = 2 ** (32 - prefix);
  if (Math.max(a, b, c, d) > 255 || prefix > 32 || first % size !== 0) {
    throw new SandboxError(`${text} is not a range of IPv4 addresses such as 10.1.0.0/16`);
  }
  return { first, size };
}

function formatAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => String(Math.floor(value / 2 ** shift) % 256)).join(".");
}
