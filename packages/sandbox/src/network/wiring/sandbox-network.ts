/** What is inside the network of one sandbox. The calling thread stays in it. */
import { closeSync } from "node:fs";
import {
  addAddress,
  addRoute,
  bringUp,
  createVethPair,
  LOOPBACK,
  type VethEnd,
} from "../../kernel/links.ts";
import { type NetlinkRequest, NetlinkSocket } from "../../kernel/netlink.ts";
import { bindTcp, makeNetworkNamespace } from "../../kernel/network.ts";
import { runtimeApi } from "../runtime-api.ts";
import { setSwitchIfThere } from "./system-switches.ts";
import type { Wired } from "./tasks.ts";

/** The way out: as the device of ordinary machines is called. */
const DEVICE = { name: "eth0", index: 2 } as const;

export interface WayOut {
  readonly address: string;
  readonly router: VethEnd;
  readonly mtu: number;
}

/** Without a way out there is loopback alone. `onJoined`: the router's end is there now. */
export function makeSandboxNetwork(wayOut: WayOut | undefined, onJoined: () => void): Wired {
  const namespace = makeNetworkNamespace();
  try {
    const requests = [bringUp(LOOPBACK), addAddress(LOOPBACK, runtimeApi.address, 32)];
    if (wayOut !== undefined) {
      // Before the device is there: it never has an IPv6 address, and never speaks.
      setSwitchIfThere("ipv6/conf/default/disable_ipv6", "1");
      requests.push(...leadOut(wayOut));
    }
    furnish(requests);
    onJoined();
    return { namespace, listener: bindTcp(runtimeApi.address, runtimeApi.port) };
  } catch (error) {
    closeSync(namespace);
    throw error;
  }
}

function leadOut({ address, mtu, router }: WayOut): NetlinkRequest[] {
  return [
    createVethPair(DEVICE, router, mtu),
    bringUp(DEVICE.index),
    addAddress(DEVICE.index, address, 32),
    addRoute("0.0.0.0", 0, DEVICE.index),
  ];
}

/** A socket that stayed open would keep the namespace. */
function furnish(requests: readonly NetlinkRequest[]): void {
  const socket = NetlinkSocket.open();
  try {
    socket.run(...requests);
  } finally {
    socket.close();
  }
}
