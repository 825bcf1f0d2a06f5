/** One living sandbox: the process of what isolates it, its control group, its slot. */
import { closeSync } from "node:fs";
import type { Server } from "node:net";
import type { Duplex, Readable } from "node:stream";
import type { ControlGroup } from "../control-groups/port.ts";
import { drain } from "../drain.ts";
import type { CommandStatus } from "../exit-status.ts";
import type { HostDirectory, Slot } from "../host/directory.ts";
import { killProcess } from "../kernel/processes.ts";
import { sandboxLimits } from "../limits.ts";
import type { SandboxNetwork } from "../network/port.ts";
import type {
  CodeMounts,
  NetworkAccess,
  Sandbox,
  SandboxExit,
  SandboxLimits,
  SandboxPaths,
} from "../port.ts";
import { validateLimits } from "../validate.ts";
import type { Engine, OwnNeeds } from "./engine.ts";
import type { Launched } from "./launched.ts";

const insidePaths: SandboxPaths = { task: "/var/task", opt: "/opt", tmp: "/tmp" };

export interface SandboxParts {
  readonly sandboxId: string;
  readonly launched: Launched;
  /** A descriptor of what ends all inside when it ends: no other process is ever meant by it. */
  readonly initDescriptor: number;
  readonly group: ControlGroup;
  readonly host: HostDirectory;
  readonly slot: Slot;
  readonly listener: Server | undefined;
  readonly network: SandboxNetwork;
  /** The sandbox has its scratch, and nothing of it is mounted outside any more. */
  readonly scratchTaken: Promise<void>;
  /** In force already. */
  readonly limits: SandboxLimits;
  readonly engine: Engine;
  readonly onDestroyed: () => void;
}

export class ConfinedSandbox implements Sandbox {
  readonly sandboxId: string;
  readonly paths = insidePaths;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly channel?: Duplex;
  readonly listener?: Server;
  readonly exited: Promise<SandboxExit>;
  readonly #parts: SandboxParts;
  #destroyed: Promise<void> | undefined;
  #peakBytes = 0;
  #limits: SandboxLimits;

  constructor(parts: SandboxParts) {
    const { launched, listener } = parts;
    this.#parts = parts;
    this.#limits = parts.limits;
    this.sandboxId = parts.sandboxId;
    this.stdout = launched.stdout;
    this.stderr = launched.stderr;
    if (launched.channel !== undefined) this.channel = launched.channel;
    if (listener !== undefined) this.listener = listener;
    // Looked at when the sandbox is destroyed.
    parts.scratchTaken.catch(() => undefined);
    this.exited = launched.ended.then((status) => this.#exit(status));
  }

  attachCode(code: CodeMounts): void {
    if (this.#destroyed === undefined) showCode(this.#parts.host, this.#parts.slot, code);
  }

  /** Shows another file system at /tmp: before anything of a function has run. */
  replaceScratch(mount: number): void {
    if (this.#destroyed !== undefined) return;
    this.#parts.engine.replaceScratch?.(this.#parts.initDescriptor, mount);
  }

  setLimits(limits: SandboxLimits): void {
    validateLimits(limits);
    if (this.#destroyed !== undefined) return;
    const { engine, group } = this.#parts;
    limitSize(group, engine.own, limits, this.#limits);
    if (limits.cpus !== this.#limits.cpus) group.setCpus(limits.cpus);
    limitShare(group, limits, this.#limits);
    this.#limits = limits;
  }

  async permit(access: NetworkAccess): Promise<void> {
    if (this.#destroyed === undefined) await this.#parts.network.permit(access);
  }

  peakMemoryBytes(): number {
    if (this.#destroyed === undefined) this.#peakBytes = this.#parts.group.peakMemoryBytes();
    // What the isolation itself needs is in it too, on top of the limit.
    return Math.min(this.#peakBytes, this.#limits.memoryMb * 1024 * 1024);
  }

  memoryUseBytes(): number {
    return this.#destroyed === undefined ? this.#parts.group.memoryUseBytes() : 0;
  }

  freeze(): void {
    if (this.#destroyed === undefined) this.#parts.group.freeze();
  }

  thaw(): void {
    if (this.#destroyed === undefined) this.#parts.group.thaw();
  }

  destroy(): Promise<void> {
    this.#destroyed ??= this.#tearDown();
    return this.#destroyed;
  }

  /** The group is still there: it is removed after the exit only. */
  #exit(status: CommandStatus): SandboxExit {
    return { ...status, outOfMemory: this.#parts.group.outOfMemory() };
  }

  async #tearDown(): Promise<void> {
    const { group, initDescriptor, launched, network, slot } = this.#parts;
    this.#peakBytes = group.peakMemoryBytes();
    // Process 1 takes its whole process-id namespace with it; a frozen one dies when it is thawed.
    killProcess(initDescriptor);
    closeSync(initDescriptor);
    group.thaw();
    await endOf(launched, this.exited);
    launched.channel?.destroy();
    // The group first: a daemon that outlives the command is killed there, and holds the output.
    await group.remove();
    await Promise.all([drain(launched.stdout), drain(launched.stderr)]);
    slot.remove();
    network.release();
    await this.#parts.scratchTaken;
    this.#parts.onDestroyed();
  }
}

export function showCode(host: HostDirectory, slot: Slot, code: CodeMounts): void {
  slot.mount(host.expose(code.task), "task");
  if (code.opt !== undefined) slot.mount(host.expose(code.opt), "opt");
}

/** Writes what differs from `before`: this is on the way of a cold start. */
export function limitSize(
  group: ControlGroup,
  own: OwnNeeds,
  { memoryMb, processes }: SandboxLimits,
  before?: SandboxLimits,
): void {
  if (memoryMb !== before?.memoryMb) {
    group.setMemory(Math.round((memoryMb + own.memoryMb) * 1024 * 1024));
  }
  if (processes !== before?.processes) {
    group.setProcesses(Math.round(processes) * own.tasksPerProcess + own.processes);
  }
}

/** A new group has the share of all others. */
export function limitShare(
  group: ControlGroup,
  { cpuWeight = sandboxLimits.cpuWeightMax }: SandboxLimits,
  before?: SandboxLimits,
): void {
  if (cpuWeight !== (before?.cpuWeight ?? sandboxLimits.cpuWeightMax)) {
    group.setCpuWeight(cpuWeight);
  }
}

/** The program notices the end of what it started by itself; if not in time, it is made to. */
async function endOf(launched: Launched, exited: Promise<unknown>): Promise<void> {
  const timer = setTimeout(() => launched.kill(), sandboxLimits.destroyMs);
  await exited;
  clearTimeout(timer);
}
