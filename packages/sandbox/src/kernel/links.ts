/** Devices and addresses of a network namespace, in the words of this package. */
import { attribute, concat, type NetlinkRequest, structure } from "./netlink.ts";

const RTM_NEWLINK = 16;
const RTM_NEWADDR = 20;
const NLM_F_EXCL = 0x200;
const NLM_F_CREATE = 0x400;
const CREATE = NLM_F_CREATE | NLM_F_EXCL;

const AF_INET = 2;
const IFF_UP = 1;

const IFA_ADDRESS = 1;
const IFA_LOCAL = 2;

/** The loopback device's number in every network namespace. */
export const LOOPBACK = 1;

export function bringUp(index: number): NetlinkRequest {
  return {
    doing: `bring device ${String(index)} up`,
    type: RTM_NEWLINK,
    flags: 0,
    body: linkHeader(index, IFF_UP, IFF_UP),
  };
}

export function addAddress(index: number, address: string, prefix: number): NetlinkRequest {
  const bytes = ipv4Bytes(address);
  return {
    doing: `give ${address}/${String(prefix)} to device ${String(index)}`,
    type: RTM_NEWADDR,
    flags: CREATE,
    body: concat(
      structure([1, AF_INET], [1, prefix], [1, 0], [1, 0], [4, index]),
      attribute(IFA_LOCAL, bytes),
      attribute(IFA_ADDRESS, bytes),
    ),
  };
}

export function ipv4Bytes(address: string): Uint8Array {
  return Uint8Array.from(address.split("."), Number);
}

/** struct ifinfomsg. */
function linkHeader(index: number, flags: number, change: number): Uint8Array {
  return structure([1, 0], [1, 0], [2, 0], [4, index], [4, flags], [4, change]);
}
