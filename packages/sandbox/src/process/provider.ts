/**
 * No isolation: plain child processes, for machines that have none to offer. Only by explicit request.
 * Code, /opt and /tmp are directories of the host; memory, CPU and processes are not limited.
 */
import { once } from "node:events";
import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { Server } from "node:net";
import { join, resolve } from "node:path";
import { SandboxError } from "../errors.ts";
import { sandboxLimits } from "../limits.ts";
import type { Sandbox, SandboxOptions, SandboxPaths, SandboxProvider, Scratch } from "../port.ts";
import { validateOptions, validateScratchSize } from "../validate.ts";
import { Relocation } from "./relocation.ts";
import { ProcessSandbox } from "./sandbox.ts";
import { StopGuard } from "./stop-guard.ts";

export interface ProcessProviderOptions {
  readonly workerId: string;
  readonly dataDirectory: string;
}

export async function createProcessProvider(
  options: ProcessProviderOptions,
): Promise<SandboxProvider> {
  const home = resolve(options.dataDirectory, "process", options.workerId);
  await mkdir(home, { recursive: true, mode: 0o700 });
  return new ProcessProvider(home);
}

class ProcessProvider implements SandboxProvider {
  readonly isolation = "process";
  readonly features = ["none: functions can read every file of this user"];
  readonly #home: string;
  readonly #living = new Map<string, ProcessSandbox>();
  readonly #stopGuard = new StopGuard();
  #closed = false;

  constructor(home: string) {
    this.#home = home;
  }

  async create(options: SandboxOptions): Promise<Sandbox> {
    validateOptions(options);
    this.#checkRoom(options.sandboxId);
    const directory = join(this.#home, options.sandboxId);
    mkdirSync(directory, { mode: 0o700 });
    const listener = options.transport === "listener" ? await listen() : undefined;
    try {
      const sandbox = this.#start(options, directory, listener);
      this.#living.set(options.sandboxId, sandbox);
      return sandbox;
    } catch (error) {
      listener?.close();
      rmSync(directory, { recursive: true, force: true });
      throw error;
    }
  }

  #checkRoom(sandboxId: string): void {
    if (this.#closed) throw new SandboxError("the sandbox provider is closed");
    if (existsSync(join(this.#home, sandboxId))) {
      throw new SandboxError(`sandbox ${sandboxId} exists`);
    }
    if (this.#living.size >= sandboxLimits.sandboxes) {
      throw new SandboxError(
        `more than ${String(sandboxLimits.sandboxes)} sandboxes on one worker`,
      );
    }
  }

  #start(options: SandboxOptions, directory: string, listener: Server | undefined): ProcessSandbox {
    const paths: SandboxPaths = {
      task: join(directory, "task"),
      opt: join(directory, "opt"),
      tmp: options.scratch.path,
    };
    const relocation = new Relocation(options.binds, paths, listener);
    return new ProcessSandbox({
      options,
      paths,
      listener,
      stopGuard: this.#stopGuard,
      command: options.command.map((value) => relocation.path(value)),
      environment: relocation.environment(options.environment),
      show: (name, source) => symlinkSync(source, paths[name]),
      onDestroyed: () => {
        this.#living.delete(options.sandboxId);
        rmSync(directory, { recursive: true, force: true });
      },
    });
  }

  async createScratch({ sizeMb }: { sizeMb: number }): Promise<Scratch> {
    validateScratchSize(sizeMb);
    if (this.#closed) throw new SandboxError("the sandbox provider is closed");
    const path = await mkdtemp(join(this.#home, "tmp-"));
    return new Directory(path, sizeMb);
  }

  /** Of the commands; what they started is not looked for. */
  memoryUseBytes(): number {
    return [...this.#living.values()].reduce((sum, sandbox) => sum + sandbox.memoryUseBytes(), 0);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#living.values()].map((sandbox) => sandbox.destroy()));
    await this.#stopGuard.close();
    await rm(this.#home, { recursive: true, force: true });
  }
}

/** As large as the disk: `sizeMb` is what was asked for. */
class Directory implements Scratch {
  readonly path: string;
  readonly isLost = false;
  sizeMb: number;

  constructor(path: string, sizeMb: number) {
    this.path = path;
    this.sizeMb = sizeMb;
  }

  async resize(sizeMb: number): Promise<boolean> {
    this.sizeMb = sizeMb;
    return true;
  }

  remove(): Promise<void> {
    return rm(this.path, { recursive: true, force: true });
  }
}

async function listen(): Promise<Server> {
  const server = new Server();
  server.maxConnections = sandboxLimits.listenerConnections;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}
