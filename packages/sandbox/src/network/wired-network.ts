/** One network of the pool. */
import { closeSync } from "node:fs";
import { Server } from "node:net";
import { sandboxLimits } from "../limits.ts";
import type { NetworkAccess } from "../port.ts";
import { type Joining, pathOf } from "./joining.ts";
import type { SandboxNetwork } from "./port.ts";
import type { Wired } from "./wiring/tasks.ts";

export interface WiredNetworkParts {
  readonly wired: Wired;
  readonly joining: Joining;
  readonly permit: (access: NetworkAccess) => Promise<void>;
  readonly onReleased: () => void;
}

export class WiredNetwork implements SandboxNetwork {
  readonly path: string;
  readonly #parts: WiredNetworkParts;
  #server: Server | undefined;
  #released = false;

  constructor(parts: WiredNetworkParts) {
    this.path = pathOf(parts.wired.namespace);
    this.#parts = parts;
  }

  spawnInside<T>(spawn: (prefix: readonly string[]) => T): T {
    return this.#parts.joining.spawnIn(this.#parts.wired.namespace, spawn);
  }

  listen(): Server {
    const server = new Server();
    server.maxConnections = sandboxLimits.listenerConnections;
    server.listen({ fd: this.#parts.wired.listener, backlog: sandboxLimits.listenerBacklog });
    this.#server = server;
    return server;
  }

  permit(access: NetworkAccess): Promise<void> {
    return this.#parts.permit(access);
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    const { onReleased, wired } = this.#parts;
    if (this.#server === undefined) closeSync(wired.listener);
    else this.#server.close();
    closeSync(wired.namespace);
    onReleased();
  }
}
