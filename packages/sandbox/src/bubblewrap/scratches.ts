/**
 * Directories for /tmp, on disk, below `<data directory>/scratch/<worker>`. Each has a host user of
 * its own (as root) that owns it for as long as it exists, so that it survives resets of the sandbox
 * and nobody else can read it. No quota yet: that comes with the sandbox issue.
 */
import { mkdirSync, readdirSync } from "node:fs";
import { chown, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { SandboxError } from "../errors.ts";
import type { Identities } from "../host/identities.ts";
import { isDeadWorker } from "../host/worker-name.ts";
import { sandboxLimits } from "../limits.ts";
import type { Scratch } from "../port.ts";

export interface ScratchesOptions {
  readonly directory: string;
  /** See worker-name.ts. */
  readonly name: string;
  readonly identities: Identities;
  readonly isRoot: boolean;
}

export interface KnownScratch {
  /** Relative to the directory of all workers' scratches. */
  readonly name: string;
  readonly identity: number;
}

export class Scratches {
  readonly #options: ScratchesOptions;
  readonly #known = new Map<Scratch, KnownScratch>();
  #made = 0;

  constructor(options: ScratchesOptions) {
    this.#options = options;
    mkdirSync(join(options.directory, options.name), { mode: 0o711, recursive: true });
    void removeOfDeadWorkers(options.directory);
  }

  async create(): Promise<Scratch> {
    const { directory, identities, isRoot } = this.#options;
    const identity = identities.take();
    this.#made += 1;
    const name = join(this.#options.name, String(this.#made));
    const path = join(directory, name);
    await mkdir(path, { mode: 0o700 });
    if (isRoot) await chown(path, identity, identity);
    const scratch: Scratch = { path, remove: () => this.#remove(scratch) };
    this.#known.set(scratch, { name, identity });
    return scratch;
  }

  find(scratch: Scratch): KnownScratch {
    const known = this.#known.get(scratch);
    if (known === undefined)
      throw new SandboxError(`${scratch.path} is no scratch of this provider`);
    return known;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#known.keys()].map((scratch) => this.#remove(scratch)));
    await removeTree(join(this.#options.directory, this.#options.name));
  }

  async #remove(scratch: Scratch): Promise<void> {
    const known = this.#known.get(scratch);
    if (known === undefined) return;
    this.#known.delete(scratch);
    await removeTree(scratch.path);
    this.#options.identities.giveBack(known.identity);
  }
}

async function removeOfDeadWorkers(directory: string): Promise<void> {
  const names = readdirSync(directory).slice(0, sandboxLimits.staleEntries).filter(isDeadWorker);
  await Promise.all(names.map((name) => removeTree(join(directory, name))));
}

function removeTree(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true, maxRetries: 3 });
}
