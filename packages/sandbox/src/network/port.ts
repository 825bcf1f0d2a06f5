import type { Server } from "node:net";
/**
 * Networks of sandboxes: made and wired ahead, taken by one sandbox, never used by a second one. What
 * isolates (bubblewrap, gVisor) only joins one.
 */
import type { AllowList, NetworkAccess } from "../port.ts";

export interface SandboxNetworks {
  /** What is in force, for the start-up message. */
  readonly feature: string;
  /** Address of the name server that sandboxes have; undefined: none. */
  readonly nameServer: string | undefined;
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
  /** Beyond the outside. Without a way out nothing is allowed, whatever is asked. */
  permit(access: NetworkAccess): Promise<void>;
  /** Its last process has ended: the kernel takes the namespace and everything in it back. */
  release(): void;
}

export type NetworkOptions = ClosedNetwork | EgressNetwork;

/** Loopback and the Runtime API, nothing else. */
export interface ClosedNetwork {
  readonly kind: "closed";
}

export interface EgressNetwork {
  readonly kind: "egress";
  readonly uplink: UplinkChoice;
  /** Addresses of sandboxes; nobody outside of the worker's own network sees them. */
  readonly addressRange: string;
  readonly allowLists: readonly AllowList[];
  /** Whom lookups are passed on to; empty: those of the machine's /etc/resolv.conf. */
  readonly nameServers: readonly string[];
  /** Paddock's own servers, which may have addresses of the outside. */
  readonly ours: readonly StreamTarget[];
  /** Served at the service address, to the sandboxes that may use it. */
  readonly lambdaApi: StreamTarget | undefined;
}

export interface StreamTarget {
  readonly host: string;
  readonly port: number;
}

/** `veth`: a pair of devices, as the machine's root. `pasta`: a process, as anybody. */
export type UplinkChoice = "auto" | "veth" | "pasta";
