import { createHash } from "node:crypto";
import { inspectZip } from "@paddock/archives";
import type { CodeStore } from "@paddock/bus";
import {
  claimCodeArchive,
  type Database,
  listUnusedCodeArchives,
  readUnzippedBytes,
  removeCodeArchive,
} from "@paddock/store";
import type { StoredCode } from "../core/model.ts";
import { controlLimits } from "../limits.ts";
import type { CodeArchives } from "../ports.ts";

/** Zips in the object store; the database knows of each before it is there and after it is gone. */
export class ObjectCodeArchives implements CodeArchives {
  readonly #database: Database;
  readonly #objects: CodeStore;

  constructor(database: Database, objects: CodeStore) {
    this.#database = database;
    this.#objects = objects;
  }

  async inspect(zip: Uint8Array): Promise<StoredCode> {
    const { unzippedBytes } = await inspectZip(zip);
    const sha256 = createHash("sha256").update(zip).digest("hex");
    return { sha256, sizeBytes: zip.byteLength, unzippedBytes };
  }

  async claim({ sha256, sizeBytes, unzippedBytes }: StoredCode): Promise<void> {
    const nowMs = Date.now();
    await claimCodeArchive(this.#database, { sha256, sizeBytes, unzippedBytes, nowMs });
  }

  async unzippedBytes(sha256: string): Promise<number> {
    const known = await readUnzippedBytes(this.#database, sha256);
    if (known !== undefined) return known;
    const zip = await this.#objects.get(sha256);
    if (zip === undefined) throw new Error(`the archive ${sha256} is not in the object store`);
    const measured = await this.inspect(zip);
    await this.claim(measured);
    return measured.unzippedBytes;
  }

  async store(zip: Uint8Array): Promise<StoredCode> {
    const code = await this.inspect(zip);
    await this.claim(code);
    await this.#objects.put(code.sha256, zip);
    return code;
  }

  read(sha256: string): Promise<Uint8Array | undefined> {
    return this.#objects.get(sha256);
  }

  async collectUnused(): Promise<number> {
    const beforeMs = Date.now() - controlLimits.unusedCodeMs;
    const unused = await listUnusedCodeArchives(this.#database, beforeMs);
    for (const sha256 of unused) {
      await removeCodeArchive(this.#database, { sha256, beforeMs }, () =>
        this.#objects.delete(sha256),
      );
    }
    return unused.length;
  }
}
