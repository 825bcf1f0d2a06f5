import type { Server } from "node:net";
/**
 * The sandbox port: what isolates one execution environment's processes from everything else.
 *
 * Lifecycle guarantees, for every implementation:
 * - `create` resolves when the command was let go inside, with its limits in force; it never resolves
 *   with less isolation than was asked for. When it rejects, nothing is left behind. A program that
 *   cannot be executed shows as exit code 1 (or 127) and a line on `stderr`.
 * - `exited` resolves exactly once, whatever ended the sandbox, and never rejects.
 * - `destroy` kills every process inside (grandchildren too), gives back mounts, control groups and
 *   namespaces, and resolves after they are gone. Calling it again, or anything else after it, is harmless.
 * - `close` of the provider destroys all its sandboxes.
 * Deliberately absent: what runs inside. The port knows no function, no runtime and no invocation.
 */
import type { Duplex, Readable } from "node:stream";

export interface SandboxProvider {
  readonly isolation: Isolation;
  /** What is in force on this machine, for the start-up message: `cgroup v1`, `seccomp`, … */
  readonly features: readonly string[];
  create(options: SandboxOptions): Promise<Sandbox>;
  /** A private file system for /tmp that outlives sandboxes: kept through resets, removed by `remove`. */
  createScratch(options: { sizeMb: number }): Promise<Scratch>;
  /** What all sandboxes together really use now: pages that the kernel would drop first left out. */
  memoryUseBytes(): number;
  close(): Promise<void>;
}

export type Isolation = "bubblewrap" | "gvisor" | "process";

export interface Scratch {
  /** Shows its contents to this process, for as long as it exists. */
  readonly path: string;
  /** How much fits in it; ENOSPC beyond, where `features` says that it is enforced. */
  readonly sizeMb: number;
  /**
   * The disk was full, and what was in it was given up: every access fails with EIO. It is to be
   * removed, and another one made.
   */
  readonly isLost: boolean;
  /**
   * Gives it another size, and empties it. A sandbox that shows it shows the new one from then on:
   * for one that booted ahead with the usual size, once its command runs, and before anything of a function does.
   * False, and nothing is changed, where a sandbox that runs cannot be shown another one.
   */
  resize(sizeMb: number): Promise<boolean>;
  remove(): Promise<void>;
}

export interface ReadOnlyBind {
  /** Absolute path on the host: a file or a directory. */
  readonly source: string;
  /** Absolute path inside. */
  readonly target: string;
}

export interface SandboxOptions {
  /** Unique among the living sandboxes of the provider; names control groups and slots. */
  readonly sandboxId: string;
  /** Program and arguments, as paths inside. */
  readonly command: readonly string[];
  /** The whole environment of the command: nothing of the worker's own is passed on. */
  readonly environment: Readonly<Record<string, string>>;
  /** The runtime's files, on top of the system directories that every sandbox sees. */
  readonly binds: readonly ReadOnlyBind[];
  /** Mounted at /tmp. */
  readonly scratch: Scratch;
  readonly limits: SandboxLimits;
  /**
   * `channel`: the command gets a stream socket as descriptor 3, whose other end is
   * `Sandbox.channel`. `listener`: 169.254.100.1:9001 inside is served by `Sandbox.listener`.
   */
  readonly transport: "channel" | "listener";
  /** What it may reach beyond the outside, from the start. */
  readonly access?: NetworkAccess;
  /** Code to show at /var/task and /opt from the start; otherwise `attachCode` shows it later. */
  readonly code?: CodeMounts;
}

export interface CodeMounts {
  /** Unpacked function code on the host, shown read-only at /var/task. */
  readonly task: string;
  /** Merged layers on the host, shown read-only at /opt. */
  readonly opt?: string;
}

/** What a sandbox may reach beyond the outside. */
export interface NetworkAccess {
  /** Name of an allow-list of the provider. */
  readonly allowList?: string;
  /** Paddock's own Lambda API, for functions whose execution role may call it. */
  readonly lambdaApi?: boolean;
}

export interface AllowList {
  readonly name: string;
  readonly allow: readonly AllowedDestination[];
}

export interface AllowedDestination {
  /** Of IPv4. */
  readonly cidr: string;
  /** Absent: all of them. */
  readonly ports?: readonly PortRange[];
  /** Absent: both. */
  readonly protocol?: "tcp" | "udp";
}

export interface PortRange {
  readonly first: number;
  readonly last: number;
}

export interface SandboxLimits {
  readonly memoryMb: number;
  /** CPUs' worth of time, 1 = one whole CPU. */
  readonly cpus: number;
  /** Share of CPU time where there is too little for all sandboxes: 1 to 100, which is the default. */
  readonly cpuWeight?: number;
  readonly processes: number;
  readonly openFiles: number;
}

/** Where things are, as the processes inside see them. Only `process` differs from Lambda's own. */
export interface SandboxPaths {
  /** `/var/task`: LAMBDA_TASK_ROOT. Change into it again after `attachCode`. */
  readonly task: string;
  /** `/opt` */
  readonly opt: string;
  /** `/tmp` */
  readonly tmp: string;
}

export interface Sandbox {
  readonly sandboxId: string;
  readonly paths: SandboxPaths;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Present with transport `channel`. */
  readonly channel?: Duplex;
  /** Present with transport `listener`: accepts the connections made inside; nobody else's. */
  readonly listener?: Server;
  readonly exited: Promise<SandboxExit>;
  /** Shows code at /var/task and /opt of a sandbox that was made without: once. */
  attachCode(code: CodeMounts): void;
  setLimits(limits: SandboxLimits): void;
  /** Opens its network further; resolves when it is. Where networks are closed they stay so. */
  permit(access: NetworkAccess): Promise<void>;
  /** High-water mark of memory, in bytes, since creation. */
  peakMemoryBytes(): number;
  /** What is really used now: pages that the kernel would drop first left out. */
  memoryUseBytes(): number;
  /**
   * Stops every process inside from getting CPU time, and lets them go on. Clocks go on meanwhile:
   * a timer that became due is due at the thaw. A frozen sandbox may be destroyed, and does not
   * outlive its worker either.
   */
  freeze(): void;
  thaw(): void;
  destroy(): Promise<void>;
}

export interface SandboxExit {
  /**
   * Exit status of the command, or null when a signal ended it. Bubblewrap only tells `128 + signal`:
   * statuses that Node uses itself (128, 129) and those of terminal signals stay exit statuses.
   */
  readonly exitCode: number | null;
  /** Name of the signal, such as `SIGKILL`. */
  readonly signal: string | null;
  /** The kernel killed something inside for want of memory. */
  readonly outOfMemory: boolean;
}
