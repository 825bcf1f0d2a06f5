/**
 * Scratches: a volume and, as root, a host user each. The user owns it for as long as the scratch
 * exists, so that it survives resets of the sandbox and nobody else can read it.
 */
import { chownSync, closeSync, mkdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { SandboxError } from "../errors.ts";
import type { Identities } from "../host/identities.ts";
import { attachMount } from "../kernel/file-systems.ts";
import { unmountLater } from "../kernel/mounts.ts";
import type { Scratch } from "../port.ts";
import type { Volume, VolumeSource } from "./port.ts";
import { ReadyVolumes } from "./ready-volumes.ts";

export interface ScratchesOptions {
  readonly source: VolumeSource;
  /** Where a scratch is mounted while a sandbox that starts takes it over. */
  readonly mountDirectory: string;
  readonly identities: Identities;
  readonly isRoot: boolean;
}

/** A scratch while a sandbox that starts takes it over. */
export interface ShownScratch {
  readonly path: string;
  /** Host user and group that own it. */
  readonly identity: number;
  /** Once the sandbox has it. */
  hide(): Promise<void>;
}

/** A sandbox that shows a scratch. */
export interface Viewer {
  readonly canReplace: boolean;
  /** Puts a mount in the place of /tmp: the descriptor is closed afterwards. */
  replace(mount: number): void;
}

interface KnownScratch {
  readonly identity: number;
  readonly viewers: Set<Viewer>;
  volume: Volume;
}

export class Scratches {
  readonly feature: string;
  readonly #options: ScratchesOptions;
  readonly #ready: ReadyVolumes;
  readonly #known = new Map<Scratch, KnownScratch>();
  readonly #removals = new Set<Promise<void>>();
  #shown = 0;

  constructor(options: ScratchesOptions) {
    this.#options = options;
    this.#ready = new ReadyVolumes(options.source);
    this.feature = options.source.feature;
  }

  async create(sizeMb: number): Promise<Scratch> {
    const identity = this.#options.identities.take();
    try {
      const volume = await this.#volume(sizeMb, identity);
      return this.#remember({ identity, volume, viewers: new Set() });
    } catch (error) {
      this.#options.identities.giveBack(identity);
      throw error;
    }
  }

  /** Mounts it where bubblewrap can find it. */
  show(scratch: Scratch): ShownScratch {
    const { identity, volume } = this.#find(scratch);
    this.#shown += 1;
    const path = join(this.#options.mountDirectory, String(this.#shown));
    const mount = volume.openMount();
    try {
      mkdirSync(path);
      attachMount(mount, path);
    } finally {
      closeSync(mount);
    }
    const hide = async (): Promise<void> => {
      await unmountLater(path);
      rmdirSync(path);
    };
    return { path, identity, hide };
  }

  /** The viewer is told when the scratch gets another volume, until the returned function is called. */
  enter(scratch: Scratch, viewer: Viewer): () => void {
    const { viewers } = this.#find(scratch);
    viewers.add(viewer);
    return () => viewers.delete(viewer);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#known.keys()].map((scratch) => scratch.remove()));
    await Promise.all(this.#removals);
    await this.#ready.close();
    await this.#options.source.close();
  }

  #remember(known: KnownScratch): Scratch {
    const scratch: Scratch = {
      get path() {
        return known.volume.path;
      },
      get sizeMb() {
        return known.volume.sizeMb;
      },
      get isLost() {
        return known.volume.isLost;
      },
      resize: (sizeMb) => this.#resize(scratch, sizeMb),
      remove: () => this.#remove(scratch),
    };
    this.#known.set(scratch, known);
    return scratch;
  }

  async #volume(sizeMb: number, identity: number): Promise<Volume> {
    const volume = await this.#ready.take(sizeMb);
    if (this.#options.isRoot) chownSync(volume.path, identity, identity);
    return volume;
  }

  async #resize(scratch: Scratch, sizeMb: number): Promise<boolean> {
    const known = this.#find(scratch);
    if (known.volume.sizeMb === sizeMb) return true;
    if (![...known.viewers].every(({ canReplace }) => canReplace)) return false;
    const volume = await this.#volume(sizeMb, known.identity);
    if (this.#known.get(scratch) !== known) {
      // Removed meanwhile: nobody else removes this one.
      await volume.remove();
      return true;
    }
    const before = known.volume;
    known.volume = volume;
    try {
      showInstead(volume, known.viewers);
    } finally {
      this.#removeLater(before);
    }
    return true;
  }

  #removeLater(volume: Volume): void {
    const removal = volume.remove().finally(() => this.#removals.delete(removal));
    this.#removals.add(removal);
  }

  #find(scratch: Scratch): KnownScratch {
    const known = this.#known.get(scratch);
    if (known === undefined) {
      throw new SandboxError("this is no scratch of this provider, or it was removed");
    }
    return known;
  }

  async #remove(scratch: Scratch): Promise<void> {
    const known = this.#known.get(scratch);
    if (known === undefined) return;
    this.#known.delete(scratch);
    await known.volume.remove();
    // Not before: a later owner of the id must not own what is still there.
    this.#options.identities.giveBack(known.identity);
  }
}

function showInstead(volume: Volume, viewers: Iterable<Viewer>): void {
  for (const viewer of viewers) {
    const mount = volume.openMount();
    try {
      viewer.replace(mount);
    } finally {
      closeSync(mount);
    }
  }
}
