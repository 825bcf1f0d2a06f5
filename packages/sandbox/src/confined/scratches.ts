/**
 * Directories for /tmp, on disk, below `<data directory>/scratch/<worker's name>`. Each has a host
 * user of its own (as root) that owns it for as long as it exists, so that it survives resets of
 * the sandbox and nobody else can read it. They have no quota yet: README.md.
 */
import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync } from "node:fs";
import { chmod, chown, mkdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { messageOf, SandboxError } from "../errors.ts";
import type { Identities } from "../host/identities.ts";
import { isDeadWorker } from "../host/worker-name.ts";
import { sandboxLimits } from "../limits.ts";
import type { Scratch } from "../port.ts";

/** As Lambda's /tmp. */
const OPEN_TO_ALL = 0o1777;

export interface ScratchesOptions {
  readonly dataDirectory: string;
  /** See worker-name.ts. */
  readonly name: string;
  readonly identities: Identities;
  readonly isRoot: boolean;
}

interface KnownScratch {
  /** Directory below the worker's own. */
  readonly name: string;
  readonly identity: number;
}

export class Scratches {
  /** Holds the scratch directories of this worker. */
  readonly directory: string;
  readonly #options: ScratchesOptions;
  readonly #known = new Map<Scratch, KnownScratch>();
  #made = 0;

  /** Removes what dead workers left, and makes this worker's directory. */
  static async open(options: ScratchesOptions): Promise<Scratches> {
    const family = join(options.dataDirectory, "scratch");
    mkdirSync(family, { recursive: true });
    // Other users of the host get no further; sandboxes see a mount of what lies below.
    chmodSync(family, 0o700);
    const dead = readdirSync(family).slice(0, sandboxLimits.staleEntries).filter(isDeadWorker);
    await Promise.all(dead.map((name) => removeTree(join(family, name))));
    const directory = join(family, options.name);
    mkdirSync(directory, { recursive: true });
    chmodSync(directory, 0o711);
    return new Scratches(directory, options);
  }

  private constructor(directory: string, options: ScratchesOptions) {
    this.directory = directory;
    this.#options = options;
  }

  async create(): Promise<Scratch> {
    const { identities, isRoot } = this.#options;
    const identity = identities.take();
    this.#made += 1;
    const name = String(this.#made);
    const path = join(this.directory, name);
    await mkdir(path);
    await chmod(path, OPEN_TO_ALL);
    if (isRoot) await chown(path, identity, identity);
    const scratch: Scratch = { path, remove: () => this.#remove(scratch) };
    this.#known.set(scratch, { name, identity });
    return scratch;
  }

  find(scratch: Scratch): KnownScratch {
    const known = this.#known.get(scratch);
    if (known === undefined) {
      throw new SandboxError(`${scratch.path} is no scratch of this provider, or was removed`);
    }
    return known;
  }

  async close(): Promise<void> {
    this.#known.clear();
    await removeTree(this.directory);
  }

  async #remove(scratch: Scratch): Promise<void> {
    const known = this.#known.get(scratch);
    if (known === undefined) return;
    this.#known.delete(scratch);
    await removeTree(scratch.path);
    // Not before: a later owner of the id must not own what is still on the disk.
    this.#options.identities.giveBack(known.identity);
  }
}

/** Whatever a function left there: links are removed, not followed, and at any depth. */
async function removeTree(path: string): Promise<void> {
  try {
    await rmdir(path);
    return;
  } catch {
    // Not empty, or not there: the next step knows both.
  }
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    // Nested deeper than a path may be long: rm(1) goes down by descriptors.
    await promisify(execFile)("rm", ["-rf", "--", path]).catch(() => {
      throw new SandboxError(`cannot remove ${path}: ${messageOf(error)}`, { cause: error });
    });
  }
}
