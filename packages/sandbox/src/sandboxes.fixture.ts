/** What tests of both implementations need: directories, commands in sandboxes, patience. */
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type {
  CodeMounts,
  Sandbox,
  SandboxExit,
  SandboxLimits,
  SandboxProvider,
  Scratch,
} from "./port.ts";

export interface Places {
  readonly workerId: string;
  readonly dataDirectory: string;
  readonly codeDirectory: string;
}

export interface StartOptions {
  readonly limits?: Partial<SandboxLimits>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly scratch?: Scratch;
  readonly transport?: "channel" | "listener";
  readonly code?: CodeMounts;
}

export interface Ran extends SandboxExit {
  readonly stdout: string;
  readonly stderr: string;
}

const PATIENCE_MS = 10_000;
let count = 0;

/** A new data directory; `code` maps names to a file `index.txt` of a function's code. */
export function makePlaces(): Places {
  count += 1;
  const dataDirectory = mkdtempSync(join(tmpdir(), "paddock-sandbox-"));
  return {
    workerId: `test-${process.pid}-${count}`,
    dataDirectory,
    codeDirectory: join(dataDirectory, "code"),
  };
}

export function removePlaces({ dataDirectory }: Places): void {
  rmSync(dataDirectory, { recursive: true, force: true });
}

/** A directory of code with one file, as the code cache would hold it. */
export function makeCode({ codeDirectory }: Places, name: string, text: string): string {
  const directory = join(codeDirectory, name);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "index.txt"), text);
  return directory;
}

/** Starts sandboxes of one provider and gathers what they print. */
export class Sandboxes {
  readonly provider: SandboxProvider;
  readonly #output = new Map<Sandbox, { stdout: string; stderr: string }>();
  readonly #scratches: Scratch[] = [];
  readonly #living: Sandbox[] = [];

  constructor(provider: SandboxProvider) {
    this.provider = provider;
  }

  async scratch(sizeMb = 512): Promise<Scratch> {
    const scratch = await this.provider.createScratch({ sizeMb });
    this.#scratches.push(scratch);
    return scratch;
  }

  /** Node is at /var/lang/bin/node; the command's variable TMP names /tmp, wherever that is. */
  async start(command: readonly string[], options: StartOptions = {}): Promise<Sandbox> {
    count += 1;
    const { code, environment, limits, scratch, transport } = options;
    const sandbox = await this.provider.create({
      sandboxId: `sandbox-${count}`,
      command,
      environment: { TMP: "/tmp", PATH: "/usr/bin:/bin", ...environment },
      binds: [{ source: process.execPath, target: "/var/lang/bin/node" }],
      scratch: scratch ?? (await this.scratch()),
      limits: { memoryMb: 512, cpus: 1, processes: 64, openFiles: 1024, ...limits },
      transport: transport ?? "channel",
      ...(code === undefined ? {} : { code }),
    });
    this.#living.push(sandbox);
    const output = { stdout: "", stderr: "" };
    this.#output.set(sandbox, output);
    sandbox.stdout.on("data", (chunk: Buffer) => (output.stdout += chunk.toString()));
    sandbox.stderr.on("data", (chunk: Buffer) => (output.stderr += chunk.toString()));
    return sandbox;
  }

  startShell(script: string, options?: StartOptions): Promise<Sandbox> {
    return this.start(["/bin/sh", "-c", script], options);
  }

  /** Runs to its end. */
  async run(command: readonly string[], options?: StartOptions): Promise<Ran> {
    return this.finish(await this.start(command, options));
  }

  shell(script: string, options?: StartOptions): Promise<Ran> {
    return this.run(["/bin/sh", "-c", script], options);
  }

  node(script: string, options?: StartOptions): Promise<Ran> {
    return this.run(["/var/lang/bin/node", "-e", script], options);
  }

  async finish(sandbox: Sandbox): Promise<Ran> {
    const exit = await sandbox.exited;
    await sandbox.destroy();
    return { ...exit, ...this.outputOf(sandbox) };
  }

  outputOf(sandbox: Sandbox): { stdout: string; stderr: string } {
    return this.#output.get(sandbox) ?? { stdout: "", stderr: "" };
  }

  /** Waits until the sandbox has printed `text`. */
  async printed(sandbox: Sandbox, text: string): Promise<void> {
    await until(() => this.outputOf(sandbox).stdout.includes(text));
  }

  async cleanUp(): Promise<void> {
    await Promise.all(this.#living.splice(0).map((sandbox) => sandbox.destroy()));
    await Promise.all(this.#scratches.splice(0).map((scratch) => scratch.remove()));
  }
}

/** Waits for `check`; fails when it does not come true within a generous time. */
export async function until(check: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  while (!check()) {
    if (performance.now() > deadlineMs) throw new Error(`not so in time: ${String(check)}`);
    await sleep(10);
  }
}

/** Waits until two readings of a value, some time apart, are the same. */
export async function standsStill(read: () => number): Promise<boolean> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const before = read();
    await sleep(100);
    if (read() === before) return true;
  }
  return false;
}

/** Processes of the machine whose command line has the word. */
export function processesWith(word: string): number {
  return readdirSync("/proc").filter((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return false;
    try {
      return readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0").includes(word);
    } catch {
      return false;
    }
  }).length;
}

/** A number of seconds for `sleep` that no other process of the machine sleeps. */
export function uniqueSleep(): string {
  count += 1;
  return `3000.${process.pid}${count}`;
}

export async function firstChunk(stream: NodeJS.ReadableStream): Promise<string> {
  // Node's streams give buffers here.
  const [chunk] = (await once(stream, "data")) as [Buffer];
  return chunk.toString();
}
