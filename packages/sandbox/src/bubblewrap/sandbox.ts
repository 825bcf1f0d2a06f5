/** One living sandbox: bubblewrap's process, its control group, its slot. */
import { closeSync } from "node:fs";
import type { Server } from "node:net";
import type { Duplex, Readable } from "node:stream";
import type { ControlGroup } from "../control-groups/port.ts";
import { commandStatus } from "../exit-status.ts";
import type { HostDirectory, Slot } from "../host/directory.ts";
import { killProcess } from "../kernel/processes.ts";
import { sandboxLimits } from "../limits.ts";
import type { CodeMounts, Sandbox, SandboxExit, SandboxLimits, SandboxPaths } from "../port.ts";
import type { Launched } from "./launch.ts";

export const insidePaths: SandboxPaths = { task: "/var/task", opt: "/opt", tmp: "/tmp" };

export interface SandboxParts {
  readonly sandboxId: string;
  readonly launched: Launched;
  /** A descriptor of process 1 inside: no other process is ever meant by it. */
  readonly initDescriptor: number;
  readonly group: ControlGroup;
  readonly host: HostDirectory;
  readonly slot: Slot;
  readonly listener: Server | undefined;
  /** In force already. */
  readonly limits: SandboxLimits;
  readonly onDestroyed: () => void;
}

export class BubblewrapSandbox implements Sandbox {
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
    this.exited = new Promise((resolve) => {
      launched.child.once("exit", (code, signal) => {
        const outOfMemory = this.#destroyed === undefined && parts.group.outOfMemory();
        resolve({ ...commandStatus(code, signal), outOfMemory });
      });
    });
  }

  attachCode(code: CodeMounts): void {
    if (this.#destroyed === undefined) showCode(this.#parts.host, this.#parts.slot, code);
  }

  setLimits(limits: SandboxLimits): void {
    if (this.#destroyed !== undefined) return;
    applyLimits(this.#parts.group, limits, this.#limits);
    this.#limits = limits;
  }

  peakMemoryBytes(): number {
    if (this.#destroyed === undefined) this.#peakBytes = this.#parts.group.peakMemoryBytes();
    return this.#peakBytes;
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

  async #tearDown(): Promise<void> {
    const { group, initDescriptor, launched, listener, onDestroyed, slot } = this.#parts;
    this.#peakBytes = group.peakMemoryBytes();
    // Process 1 takes its whole process-id namespace with it; a frozen one dies when it is thawed.
    killProcess(initDescriptor);
    group.thaw();
    await withinTime(this.exited, sandboxLimits.destroyMs);
    launched.child.kill("SIGKILL");
    closeSync(initDescriptor);
    listener?.close();
    for (const stream of launched.child.stdio) stream?.destroy();
    await group.remove();
    slot.remove();
    onDestroyed();
  }
}

export function showCode(host: HostDirectory, slot: Slot, code: CodeMounts): void {
  slot.mount(host.expose(code.task), "task");
  if (code.opt !== undefined) slot.mount(host.expose(code.opt), "opt");
}

/** Writes what differs from `before`: this is on the way of a cold start. */
export function applyLimits(
  group: ControlGroup,
  limits: SandboxLimits,
  before?: SandboxLimits,
): void {
  const { cpus, memoryMb, processes } = limits;
  if (memoryMb !== before?.memoryMb) group.setMemory(memoryMb * 1024 * 1024);
  if (cpus !== before?.cpus) group.setCpus(cpus);
  if (processes !== before?.processes) {
    group.setProcesses(processes + sandboxLimits.ownProcesses);
  }
}

async function withinTime(promise: Promise<unknown>, withinMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, withinMs);
  });
  await Promise.race([promise, late]);
  clearTimeout(timer);
}
