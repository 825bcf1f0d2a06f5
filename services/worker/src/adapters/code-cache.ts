/**
 * Unpacked function code and merged layers on this machine: fetched by hash, verified, unpacked
 * once, shared read-only by all environments, evicted least recently used first when the bound is
 * reached. Unpacking goes to a temporary folder that is renamed when it is whole, so that a killed
 * worker leaves no half-unpacked code behind under a name that counts.
 */
import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { inspectZip, unpackZip } from "@paddock/archives";
import type { VersionRecord } from "@paddock/contracts";
import { limits } from "../limits.ts";
import type { CodeLease, CodeStore } from "../ports.ts";

export interface CodeCacheOptions {
  readonly directory: string;
  /** The zip with this sha-256, verified. */
  readonly fetch: (sha256: string) => Promise<Uint8Array>;
}

interface Entry {
  readonly path: Promise<string>;
  users: number;
  bytes: number;
  lastUsedAtMs: number;
}

const temporaryPrefix = "unpacking-";

export class CodeCache implements CodeStore {
  readonly #options: CodeCacheOptions;
  readonly #entries = new Map<string, Entry>();

  static async open(options: CodeCacheOptions): Promise<CodeCache> {
    await mkdir(options.directory, { recursive: true, mode: 0o755 });
    const names = await readdir(options.directory);
    const leftovers = names.filter((name) => name.startsWith(temporaryPrefix));
    await Promise.all(leftovers.map((name) => remove(join(options.directory, name))));
    return new CodeCache(options);
  }

  private constructor(options: CodeCacheOptions) {
    this.#options = options;
  }

  async acquire(version: VersionRecord): Promise<CodeLease> {
    const keys = [version.codeSha256];
    const layersKey = keyOfLayers(version.layers);
    if (layersKey !== undefined) keys.push(layersKey);
    const entries = keys.map((key) => this.#use(key, version));
    const [task, opt] = await Promise.all(entries.map((entry) => entry.path));
    if (task === undefined) throw new Error("unreachable: a version has code");
    void this.#evict();
    return {
      mounts: { task, ...(opt === undefined ? {} : { opt }) },
      release: () => {
        for (const entry of entries.splice(0)) entry.users -= 1;
      },
    };
  }

  #use(key: string, version: VersionRecord): Entry {
    const existing = this.#entries.get(key);
    const entry = existing ?? this.#prepare(key, version);
    entry.users += 1;
    entry.lastUsedAtMs = Date.now();
    return entry;
  }

  #prepare(key: string, version: VersionRecord): Entry {
    const layers = key === version.codeSha256 ? undefined : version.layers;
    const sources = layers ?? [key];
    const entry: Entry = { path: this.#unpack(key, sources), users: 0, bytes: 0, lastUsedAtMs: 0 };
    this.#entries.set(key, entry);
    entry.path.catch(() => this.#entries.delete(key));
    return entry;
  }

  async #unpack(key: string, sources: readonly string[]): Promise<string> {
    const path = join(this.#options.directory, key);
    if (existsSync(path)) return path;
    const temporary = join(this.#options.directory, `${temporaryPrefix}${randomUUID()}`);
    await mkdir(temporary, { mode: 0o755 });
    try {
      for (const sha256 of sources) await this.#unpackOne(sha256, temporary);
      await rename(temporary, path);
    } catch (error) {
      await remove(temporary);
      if (!existsSync(path)) throw error;
    }
    return path;
  }

  async #unpackOne(sha256: string, directory: string): Promise<void> {
    const bytes = await this.#options.fetch(sha256);
    await unpackZip(bytes, directory);
    const entry = this.#entries.get(sha256);
    if (entry !== undefined) entry.bytes = (await inspectZip(bytes)).unzippedBytes;
  }

  async #evict(): Promise<void> {
    let totalBytes = 0;
    for (const { bytes } of this.#entries.values()) totalBytes += bytes;
    if (totalBytes <= limits.codeCacheBytes) return;
    const unused = [...this.#entries].filter(([, entry]) => entry.users === 0);
    unused.sort(([, a], [, b]) => a.lastUsedAtMs - b.lastUsedAtMs);
    for (const [key, entry] of unused) {
      if (totalBytes <= limits.codeCacheBytes) return;
      totalBytes -= entry.bytes;
      this.#entries.delete(key);
      await remove(await entry.path);
    }
  }
}

/** Layers are merged in their order, later ones over earlier ones: another order, another key. */
function keyOfLayers(layers: readonly string[]): string | undefined {
  if (layers.length === 0) return undefined;
  return `opt-${createHash("sha256").update(layers.join("\n")).digest("hex")}`;
}

async function remove(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}
