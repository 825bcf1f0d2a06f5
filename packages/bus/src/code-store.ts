import { createHash } from "node:crypto";
import { type ObjectStore, Objm } from "@nats-io/obj";
import type { Bus } from "./bus.ts";
import { linkOf } from "./connection.ts";
import { busLimits } from "./limits.ts";
import { codeBucket } from "./subjects.ts";

/** Code and layer archives, each under the lower-case hex sha-256 of its bytes. */
export interface CodeStore {
  /** Stores the archive unless it is there. Throws RangeError where the hash is not the bytes'. */
  put(sha256: string, bytes: Uint8Array): Promise<void>;
  /** Undefined where there is none. Throws Error when what is stored is damaged. */
  get(sha256: string): Promise<Uint8Array | undefined>;
  has(sha256: string): Promise<boolean>;
  /** Deleting what is not there is no error. */
  delete(sha256: string): Promise<void>;
}

const SHA256 = /^[0-9a-f]{64}$/;

export function openCodeStore(bus: Bus): CodeStore {
  const { jetstream } = linkOf(bus);
  let opened: Promise<ObjectStore> | undefined;
  const store = (): Promise<ObjectStore> => {
    opened ??= new Objm(jetstream).open(codeBucket).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  const has = async (sha256: string): Promise<boolean> => {
    const info = await (await store()).info(checkName(sha256));
    return info !== null && !info.deleted;
  };
  return {
    has,
    async put(sha256, bytes) {
      const actual = createHash("sha256").update(bytes).digest("hex");
      if (actual !== checkName(sha256)) throw new RangeError(`these bytes hash to ${actual}`);
      if (await has(sha256)) return;
      const options = { max_chunk_size: busLimits.codeChunkBytes };
      await (await store()).putBlob({ name: sha256, options }, bytes);
    },
    async get(sha256) {
      const bytes = await (await store()).getBlob(checkName(sha256));
      if (bytes === null) return undefined;
      const actual = createHash("sha256").update(bytes).digest("hex");
      if (actual !== sha256) throw new Error(`the archive ${sha256} is damaged: it is ${actual}`);
      return bytes;
    },
    async delete(sha256) {
      if (await has(sha256)) await (await store()).delete(sha256);
    },
  };
}

function checkName(sha256: string): string {
  if (!SHA256.test(sha256)) throw new RangeError(`"${sha256}" is no lower-case hex sha-256`);
  return sha256;
}
