import type { Server } from "node:net";
/**
 * Networks of sandboxes: made and wired ahead, taken by one sandbox, never used by a second one. What
 * isolates (bubblewrap, gVisor) only joins one.
 */

export interface SandboxNetworks {
  /** What is in force, for the start-up message. */
  readonly feature: string;
  /** One that nobody has used; from stock where there is one, else made now. */
  take(): Promise<SandboxNetwork>;
  close(): Promise<void>;
}

export interface SandboxNetwork {
  /**
   * Opens the network namespace, for setns(2), nsenter and OCI configurations of processes that
   * may look at this worker's /proc. Valid until `release`.
   */
  readonly path: string;
  /**
   * What `spawn` starts, in the same turn, is in this network. `prefix` is what its command has to
   * begin with, which is nothing where the worker can go there itself.
   */
  spawnInside<T>(spawn: (prefix: readonly string[]) => T): T;
  /** Serves 169.254.100.1:9001 in there: its connections come from inside and from nowhere else. */
  listen(): Server;
  /** Its last process has ended: the kernel takes the namespace and everything in it back. */
  release(): void;
}
