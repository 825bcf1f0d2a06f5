/** Devices, addresses and routes of a network namespace, in the words of this package. */
import { attribute, concat, type NetlinkRequest, number, structure, text } from "./netlink.ts";

const RTM_NEWLINK = 16;
const RTM_DELLINK = 17;
const RTM_NEWADDR = 20;
const RTM_NEWROUTE = 24;
const NLM_F_EXCL = 0x200;
const NLM_F_CREATE = 0x400;
const CREATE = NLM_F_CREATE | NLM_F_EXCL;

const AF_INET = 2;
const IFF_UP = 1;
const IFF_NOARP = 0x80;

const IFLA_ADDRESS = 1;
const IFLA_IFNAME = 3;
const IFLA_MTU = 4;
const IFLA_LINKINFO = 18;
const IFLA_GROUP = 27;
const IFLA_NET_NS_FD = 28;
const IFLA_INFO_KIND = 1;
const IFLA_INFO_DATA = 2;
const VETH_INFO_PEER = 1;

const IFA_ADDRESS = 1;
const IFA_LOCAL = 2;

const RTA_DST = 1;
const RTA_OIF = 4;
const RT_TABLE_MAIN = 254;
const RTPROT_STATIC = 4;
const RT_SCOPE_LINK = 253;
const RTN_UNICAST = 1;

/** The loopback device's number in every network namespace. */
export const LOOPBACK = 1;

export interface VethEnd {
  readonly name: string;
  /** Number of the device: unique within its network namespace, and known without asking for it. */
  readonly index?: number;
  /** Descriptor of the network namespace; absent: the one of the socket. */
  readonly namespace?: number;
}

export function bringUp(index: number): NetlinkRequest {
  return {
    doing: `bring device ${String(index)} up`,
    type: RTM_NEWLINK,
    flags: 0,
    body: linkHeader(index, IFF_UP, IFF_UP),
  };
}

/**
 * Two devices, joined, both down as yet. They have one hardware address and ask nobody for the
 * other's, so that nothing on this wire can pretend to be somebody else, and no packet waits for an
 * answer.
 */
export function createVethPair(near: VethEnd, far: VethEnd, mtu: number): NetlinkRequest {
  const peer = attribute(IFLA_INFO_DATA, attribute(VETH_INFO_PEER, ...vethEnd(far, mtu)));
  const kind = attribute(IFLA_INFO_KIND, text("veth"));
  return {
    doing: `create the devices ${near.name} and ${far.name}`,
    type: RTM_NEWLINK,
    flags: CREATE,
    body: concat(...vethEnd(near, mtu), attribute(IFLA_LINKINFO, kind, peer)),
  };
}

/** The other end of a pair goes with it. */
export function deleteLink(name: string): NetlinkRequest {
  return {
    doing: `delete device ${name}`,
    type: RTM_DELLINK,
    flags: 0,
    body: concat(linkHeader(0, 0, 0), attribute(IFLA_IFNAME, text(name))),
  };
}

/** Devices of one group are treated alike by a rule that asks for it. */
export function putIntoGroup(index: number, group: number): NetlinkRequest {
  return {
    doing: `put device ${String(index)} into group ${String(group)}`,
    type: RTM_NEWLINK,
    flags: 0,
    body: concat(linkHeader(index, 0, 0), attribute(IFLA_GROUP, number(group))),
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

/** Everything for this destination leaves through the device; there is no next address. */
export function addRoute(destination: string, prefix: number, index: number): NetlinkRequest {
  const target = prefix === 0 ? [] : [attribute(RTA_DST, ipv4Bytes(destination))];
  return {
    doing: `route ${destination}/${String(prefix)} to device ${String(index)}`,
    type: RTM_NEWROUTE,
    flags: CREATE,
    body: concat(
      structure([1, AF_INET], [1, prefix], [1, 0], [1, 0]),
      structure([1, RT_TABLE_MAIN], [1, RTPROT_STATIC], [1, RT_SCOPE_LINK], [1, RTN_UNICAST]),
      number(0),
      ...target,
      attribute(RTA_OIF, number(index)),
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

/** Locally administered, the same everywhere: no two of these wires ever meet. */
const hardwareAddress = Uint8Array.of(0x02, 0x70, 0x61, 0x64, 0x64, 0x6f);

function vethEnd({ index, name, namespace }: VethEnd, mtu: number): Uint8Array[] {
  return [
    linkHeader(index ?? 0, IFF_NOARP, IFF_NOARP),
    attribute(IFLA_IFNAME, text(name)),
    attribute(IFLA_ADDRESS, hardwareAddress),
    attribute(IFLA_MTU, number(mtu)),
    ...(namespace === undefined ? [] : [attribute(IFLA_NET_NS_FD, number(namespace))]),
  ];
}
