/**
 * The one directory of the host that bubblewrap sees: everything that a sandbox shows is mounted
 * below it first. So no parent directory's mode (such as 700 on /root) is in the way of the
 * unprivileged user that bubblewrap runs as, and what is mounted read-only here is read-only there.
 *
 *     <base>/etc            the synthetic /etc
 *     <base>/seccomp.bpf    the compiled policy
 *     <base>/code           the code cache, read-only
 *     <base>/scratch        scratches, while a sandbox that starts takes them over
 *     <base>/memory         scratches, where they are kept in memory
 *     <base>/exposed/<n>    read-only binds of the runtimes' files
 *     <base>/slots/<id>/    mount points of one sandbox; mounts made here appear inside it
 */
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  realpathSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";
import { messageOf, SandboxError } from "../errors.ts";
import { bindMount, bindReadOnly, makeShared, mountMemory, unmount } from "../kernel/mounts.ts";
import { sandboxLimits } from "../limits.ts";
import { writeEtc } from "./synthetic-etc.ts";

const TRAVERSABLE = 0o711;

export interface HostDirectoryOptions {
  readonly base: string;
  readonly codeDirectory: string;
  readonly seccompProgram: Uint8Array;
  /** That sandboxes have; undefined: none. */
  readonly nameServer: string | undefined;
}

export class HostDirectory {
  readonly base: string;
  readonly #codeDirectory: string;
  readonly #exposed = new Map<string, string>();

  private constructor(base: string, codeDirectory: string) {
    this.base = base;
    this.#codeDirectory = codeDirectory;
  }

  /** Throws, with nothing left mounted, where mounting is not allowed. */
  static open(options: HostDirectoryOptions): HostDirectory {
    const { base } = options;
    mkdirSync(base, { recursive: true });
    mountMemory(base, sandboxLimits.hostDirectoryMb);
    try {
      writeEtc(join(base, "etc"), { nameServer: options.nameServer });
      writeFileSync(join(base, "seccomp.bpf"), options.seccompProgram, { mode: 0o644 });
      for (const name of ["code", "scratch", "memory", "exposed", "slots"]) {
        makeDirectory(join(base, name), TRAVERSABLE);
      }
      bindReadOnly(options.codeDirectory, join(base, "code"));
      bindMount(join(base, "slots"), join(base, "slots"));
      makeShared(join(base, "slots"));
      return new HostDirectory(base, realpathSync(options.codeDirectory));
    } catch (error) {
      unmount(base);
      throw error;
    }
  }

  /** Path below the base that shows `source`, read-only. */
  expose(source: string): string {
    const real = this.#resolve(source);
    const inCode = relative(this.#codeDirectory, real);
    if (inCode !== "" && !inCode.startsWith("..")) {
      return join(this.base, "code", inCode);
    }
    return this.#exposed.get(real) ?? this.#bind(real);
  }

  slot(sandboxId: string, layout: SlotLayout): Slot {
    return new Slot(join(this.base, "slots", sandboxId), layout);
  }

  /** A descriptor of its own for each sandbox, for bubblewrap reads it to the end. */
  openSeccompProgram(): number {
    return openSync(join(this.base, "seccomp.bpf"), "r");
  }

  close(): void {
    unmount(this.base);
    rmdirSync(this.base);
  }

  #resolve(source: string): string {
    try {
      return realpathSync(source);
    } catch (error) {
      throw new SandboxError(`cannot show ${source} in a sandbox: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }

  #bind(real: string): string {
    if (this.#exposed.size >= sandboxLimits.exposedSources) {
      throw new SandboxError(
        `more than ${String(sandboxLimits.exposedSources)} different host paths in sandboxes`,
      );
    }
    const target = join(this.base, "exposed", String(this.#exposed.size));
    if (statSync(real).isDirectory()) {
      makeDirectory(target, TRAVERSABLE);
    } else {
      closeSync(openSync(target, "w", 0o644));
    }
    bindReadOnly(real, target);
    this.#exposed.set(real, target);
    return target;
  }
}

/** Where a slot has its mount points, relative to itself. */
export interface SlotLayout {
  readonly task: string;
  readonly opt: string;
}

/** One sandbox's own directory, with the two mount points for its code. */
export class Slot {
  readonly directory: string;
  readonly task: string;
  readonly opt: string;
  readonly #mounted: string[] = [];

  constructor(directory: string, layout: SlotLayout) {
    this.directory = directory;
    makeDirectory(directory, 0o755);
    this.task = this.makeDirectory(layout.task);
    this.opt = this.makeDirectory(layout.opt);
  }

  /** With the parents that are missing; returns the whole path. */
  makeDirectory(path: string): string {
    let directory = this.directory;
    for (const name of path.split("/")) {
      directory = join(directory, name);
      if (!existsSync(directory)) makeDirectory(directory, 0o755);
    }
    return directory;
  }

  /** `source` has to be a read-only bind already. */
  mount(source: string, target: "task" | "opt"): void {
    bindMount(source, this[target]);
    this.#mounted.push(this[target]);
  }

  remove(): void {
    for (const path of this.#mounted.splice(0)) {
      unmount(path);
    }
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Whatever the worker's umask: the sandboxes' users have to get through. */
function makeDirectory(path: string, mode: number): void {
  mkdirSync(path);
  chmodSync(path, mode);
}
