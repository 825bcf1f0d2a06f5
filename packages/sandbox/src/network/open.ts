/** Opens the networks of one worker's sandboxes. */
import { closeSync } from "node:fs";
import { Server } from "node:net";
import { sandboxLimits } from "../limits.ts";
import { type Joining, openJoining, pathOf } from "./joining.ts";
import { Pool } from "./pool.ts";
import type { SandboxNetwork, SandboxNetworks } from "./port.ts";
import type { Wired } from "./tasks.ts";
import { WiringThread } from "./thread.ts";

export function openNetworks(): SandboxNetworks {
  const joining = openJoining();
  const thread = new WiringThread();
  const pool = new Pool({
    make: async () => new WiredNetwork(await thread.request("wire"), joining),
    discard: (network) => network.release(),
  });
  return {
    feature: "network: closed",
    take: () => pool.take(),
    close: async () => {
      pool.close();
      await thread.close();
      joining.close();
    },
  };
}

class WiredNetwork implements SandboxNetwork {
  readonly path: string;
  readonly #wired: Wired;
  readonly #joining: Joining;
  #server: Server | undefined;
  #released = false;

  constructor(wired: Wired, joining: Joining) {
    this.path = pathOf(wired.namespace);
    this.#wired = wired;
    this.#joining = joining;
  }

  spawnInside<T>(spawn: (prefix: readonly string[]) => T): T {
    return this.#joining.spawnIn(this.#wired.namespace, spawn);
  }

  listen(): Server {
    const server = new Server();
    server.maxConnections = sandboxLimits.listenerConnections;
    server.listen({ fd: this.#wired.listener, backlog: sandboxLimits.listenerBacklog });
    this.#server = server;
    return server;
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    if (this.#server === undefined) closeSync(this.#wired.listener);
    else this.#server.close();
    closeSync(this.#wired.namespace);
  }
}
