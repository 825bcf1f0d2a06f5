/** A process group of the host. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import type { Server } from "node:net";
import { type Duplex, Readable } from "node:stream";
import { drain } from "../drain.ts";
import { SandboxError } from "../errors.ts";
import type { CodeMounts, Sandbox, SandboxExit, SandboxOptions, SandboxPaths } from "../port.ts";
import type { StopGuard } from "./stop-guard.ts";

export interface ProcessSandboxParts {
  readonly options: SandboxOptions;
  readonly paths: SandboxPaths;
  readonly listener: Server | undefined;
  readonly stopGuard: StopGuard;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly show: (name: "task" | "opt", source: string) => void;
  readonly onDestroyed: () => void;
}

export class ProcessSandbox implements Sandbox {
  readonly sandboxId: string;
  readonly paths: SandboxPaths;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly channel?: Duplex;
  readonly listener?: Server;
  readonly exited: Promise<SandboxExit>;
  readonly #parts: ProcessSandboxParts;
  readonly #child: ChildProcess;
  #destroyed: Promise<void> | undefined;
  #peakBytes = 0;

  constructor(parts: ProcessSandboxParts) {
    const { options, paths, listener } = parts;
    this.#parts = parts;
    this.sandboxId = options.sandboxId;
    this.paths = paths;
    if (options.code !== undefined) this.attachCode(options.code);
    this.#child = this.#spawn();
    this.stdout = streamOf(this.#child.stdout);
    this.stderr = streamOf(this.#child.stderr);
    if (options.transport === "channel") {
      // Descriptor 3 was asked for as a pipe, which Node makes a socket pair.
      this.channel = streamOf(this.#child.stdio[3]) as Readable as Duplex;
    }
    if (listener !== undefined) this.listener = listener;
    this.exited = new Promise((resolve) => {
      this.#child.once("exit", (exitCode, signal) => {
        resolve({ exitCode, signal, outOfMemory: false });
      });
      this.#child.once("error", () => {
        resolve({ exitCode: 127, signal: null, outOfMemory: false });
      });
    });
  }

  attachCode(code: CodeMounts): void {
    if (this.#destroyed !== undefined) return;
    this.#parts.show("task", code.task);
    if (code.opt !== undefined) this.#parts.show("opt", code.opt);
  }

  setLimits(): void {
    // Nothing is limited here: that is what `process` means, and what its features say.
  }

  async permit(): Promise<void> {
    // Everything is open here already.
  }

  peakMemoryBytes(): number {
    this.#peakBytes = Math.max(this.#peakBytes, statusBytes(this.#child.pid, "VmHWM"));
    return this.#peakBytes;
  }

  memoryUseBytes(): number {
    return statusBytes(this.#child.pid, "VmRSS");
  }

  freeze(): void {
    const { pid } = this.#child;
    if (pid === undefined || this.#destroyed !== undefined) return;
    this.#parts.stopGuard.stopped(pid);
    this.#signal("SIGSTOP");
  }

  thaw(): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    this.#signal("SIGCONT");
    this.#parts.stopGuard.goesOn(pid);
  }

  destroy(): Promise<void> {
    this.#destroyed ??= this.#tearDown();
    return this.#destroyed;
  }

  async #tearDown(): Promise<void> {
    this.#signal("SIGKILL");
    this.thaw();
    await this.exited;
    this.#parts.listener?.close();
    this.channel?.destroy();
    await Promise.all([drain(this.stdout), drain(this.stderr)]);
    this.#parts.onDestroyed();
  }

  #spawn(): ChildProcess {
    const { command, environment, options, paths } = this.#parts;
    const [program, ...values] = command;
    if (program === undefined) throw new SandboxError("a sandbox needs a command");
    return spawn(program, values, {
      env: environment,
      cwd: existsSync(paths.task) ? paths.task : paths.tmp,
      // A group of its own, so that grandchildren can be signalled too.
      detached: true,
      stdio: ["ignore", "pipe", "pipe", options.transport === "channel" ? "pipe" : "ignore"],
    });
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // The group is gone.
    }
  }
}

function streamOf(stream: unknown): Readable {
  if (!(stream instanceof Readable)) throw new SandboxError("a stream was not made");
  // The other end may go away at any moment; it is the exit that says so, not a broken pipe.
  stream.on("error", () => undefined);
  return stream;
}

/** A figure of a process in bytes: `VmRSS` is what it has in memory, `VmHWM` the most it ever had. */
function statusBytes(pid: number | undefined, name: "VmRSS" | "VmHWM"): number {
  try {
    const status = readFileSync(`/proc/${String(pid)}/status`, "utf8");
    const line = status.split("\n").find((candidate) => candidate.startsWith(`${name}:`));
    return Number.parseInt(line?.slice(name.length + 1) ?? "0", 10) * 1024;
  } catch {
    return 0;
  }
}
