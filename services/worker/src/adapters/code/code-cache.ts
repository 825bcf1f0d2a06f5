/**
 * Unpacked function code and merged layers on this machine: fetched by hash, unpacked once however
 * many ask for it at once, shared by all environments, and evicted when the bound is reached, what
 * was used longest ago first, and never what anybody leases.
 *
 * Code is unpacked to a temporary folder that is renamed when it is whole: what has a name that
 * counts is whole, however the worker ended.
 */
import { createHash, randomUUID } from "node:crypto";
import { renameSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { unpackZip } from "@paddock/archives";
import { Semaphore } from "../../environments/semaphore.ts";
import { limits } from "../../limits.ts";
import type { CodeLease, CodeOfVersion, CodeStore } from "../../ports.ts";
import { openCodeFolder, type UnpackedCode, unpackedPath } from "./code-folder.ts";
import { mergeFolder } from "./merge-folder.ts";

export interface CodeCacheOptions {
  /** For this cache and those of other workers on the machine. */
  readonly directory: string;
  readonly workerId: string;
  /** Code may take so much of the disk while nobody leases it. */
  readonly maxBytes: number;
  /** The zip with this sha-256, verified. */
  readonly fetch: (sha256: string) => Promise<Uint8Array>;
  readonly onProblem: (error: unknown) => void;
}

interface Entry {
  readonly key: string;
  /** Resolves when it is unpacked. */
  readonly unpacked: Promise<UnpackedCode>;
  /** On disk; undefined while it is being unpacked. */
  bytes: number | undefined;
  leases: number;
}

const temporaryPrefix = "unpacking-";
const evictedPrefix = "evicted-";

export class CodeCache implements CodeStore {
  readonly #options: CodeCacheOptions;
  readonly #directory: string;
  readonly #unpacking = new Semaphore(limits.concurrentUnpacks);
  /** What was used last comes last. */
  readonly #entries = new Map<string, Entry>();

  static async open(options: CodeCacheOptions): Promise<CodeCache> {
    const opened = await openCodeFolder(options.directory, options.workerId);
    const { directory, found, removed } = opened;
    removed.catch(options.onProblem);
    const cache = new CodeCache(options, directory);
    for (const unpacked of found) cache.#remember(unpacked.key, Promise.resolve(unpacked));
    return cache;
  }

  private constructor(options: CodeCacheOptions, directory: string) {
    this.#options = options;
    this.#directory = directory;
  }

  async acquire({ codeSha256, layers }: CodeOfVersion): Promise<CodeLease> {
    const leased = [this.#lease(codeSha256, [codeSha256])];
    if (layers.length > 0) leased.push(this.#lease(keyOfLayers(layers), layers));
    const release = (): void => {
      for (const entry of leased.splice(0)) entry.leases -= 1;
      this.#evict();
    };
    try {
      const [task, opt] = await Promise.all(leased.map(({ unpacked }) => unpacked));
      if (task === undefined) throw new Error("unreachable: a version has code");
      return {
        mounts: { task: task.path, ...(opt === undefined ? {} : { opt: opt.path }) },
        release,
      };
    } catch (error) {
      release();
      throw error;
    }
  }

  #lease(key: string, archives: readonly string[]): Entry {
    const entry = this.#entries.get(key) ?? this.#remember(key, this.#unpack(key, archives));
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    entry.leases += 1;
    return entry;
  }

  #remember(key: string, unpacked: Promise<UnpackedCode>): Entry {
    const entry: Entry = { key, unpacked, bytes: undefined, leases: 0 };
    this.#entries.set(key, entry);
    unpacked.then(
      ({ bytes }) => {
        entry.bytes = bytes;
        this.#evict();
      },
      // Whoever asks next tries again.
      () => this.#entries.delete(key),
    );
    return entry;
  }

  async #unpack(key: string, archives: readonly string[]): Promise<UnpackedCode> {
    const done = await this.#unpacking.acquire();
    const temporary = join(this.#directory, `${temporaryPrefix}${randomUUID()}`);
    try {
      const bytes = await this.#unpackInto(temporary, archives);
      const path = unpackedPath(this.#directory, key, bytes);
      await rename(join(temporary, "0"), path);
      return { key, bytes, path };
    } finally {
      await rm(temporary, { recursive: true, force: true });
      done();
    }
  }

  /** The first archive's folder, `0`, is where the others are merged into, in their order. */
  async #unpackInto(temporary: string, archives: readonly string[]): Promise<number> {
    await mkdir(temporary);
    let bytes = 0;
    for (const [index, sha256] of archives.entries()) {
      const folder = join(temporary, String(index));
      const { entries, unzippedBytes } = await unpackZip(await this.#options.fetch(sha256), folder);
      bytes += unzippedBytes + entries * limits.codeEntryBytes;
      if (index > 0) await mergeFolder(folder, join(temporary, "0"));
    }
    return bytes;
  }

  #evict(): void {
    let totalBytes = 0;
    for (const { bytes = 0 } of this.#entries.values()) totalBytes += bytes;
    for (const entry of this.#entries.values()) {
      if (totalBytes <= this.#options.maxBytes) return;
      if (entry.leases > 0 || entry.bytes === undefined) continue;
      totalBytes -= entry.bytes;
      this.#remove(entry.key, entry.bytes);
    }
  }

  /** Out of the way at once: who asks for it from now on has it unpacked anew. */
  #remove(key: string, bytes: number): void {
    this.#entries.delete(key);
    const evicted = join(this.#directory, `${evictedPrefix}${randomUUID()}`);
    try {
      renameSync(unpackedPath(this.#directory, key, bytes), evicted);
    } catch (error) {
      this.#options.onProblem(error);
      return;
    }
    rm(evicted, { recursive: true, force: true }).catch(this.#options.onProblem);
  }
}

/** Layers are merged in their order, later ones over earlier ones: another order, another key. */
function keyOfLayers(layers: readonly string[]): string {
  return `opt-${createHash("sha256").update(layers.join("\n")).digest("hex")}`;
}
