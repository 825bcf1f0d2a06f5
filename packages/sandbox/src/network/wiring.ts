/** Makes networks of sandboxes, in the calling thread, which is in a network of its own in between. */
import { closeSync } from "node:fs";
import { addAddress, bringUp, LOOPBACK } from "../kernel/links.ts";
import { NetlinkSocket } from "../kernel/netlink.ts";
import { bindTcp, enterNetworkNamespace, makeNetworkNamespace } from "../kernel/network.ts";
import { runtimeApi } from "./runtime-api.ts";
import type { Wired } from "./tasks.ts";

export class Wiring {
  /** Otherwise the last network made would live for as long as the thread stays there. */
  readonly #home: number;

  private constructor(home: number) {
    this.#home = home;
  }

  static open(): Wiring {
    return new Wiring(makeNetworkNamespace());
  }

  wire(): Wired {
    const namespace = makeNetworkNamespace();
    try {
      furnishLoopback();
      return { namespace, listener: bindTcp(runtimeApi.address, runtimeApi.port) };
    } catch (error) {
      closeSync(namespace);
      throw error;
    } finally {
      enterNetworkNamespace(this.#home);
    }
  }
}

function furnishLoopback(): void {
  const socket = NetlinkSocket.open();
  try {
    socket.run(bringUp(LOOPBACK), addAddress(LOOPBACK, runtimeApi.address, 32));
  } finally {
    socket.close();
  }
}
