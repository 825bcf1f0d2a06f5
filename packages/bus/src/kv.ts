import { Kvm, type KvEntry, type KvWatchEntry } from "@nats-io/kv";
import {
  type CredentialRecord,
  credentialRecordSchema,
  type FunctionRecord,
  functionRecordSchema,
  type IdleHistory,
  idleHistorySchema,
  type ScheduleFiring,
  scheduleFiringSchema,
  type Trigger,
  triggerSchema,
  type VersionRecord,
  versionRecordSchema,
} from "@paddock/contracts";
import type { z } from "zod";
import type { Bus } from "./bus.ts";
import { versionFromToken, versionToken } from "./channel.ts";
import { linkOf } from "./connection.ts";
import { BusUnavailableError } from "./errors.ts";
import { decodeMessage } from "./frame.ts";
import { busLimits } from "./limits.ts";
import { NatsBus } from "./nats-bus.ts";
import { kvBuckets, type OfQueue } from "./subjects.ts";

/** The KV buckets, each typed by what it holds. */

/** What the bucket `functions` holds under one key. */
export type FunctionsEntry =
  | { readonly kind: "function"; readonly record: FunctionRecord }
  | { readonly kind: "version"; readonly record: VersionRecord };
export type FunctionsKey =
  | { readonly kind: "function"; readonly functionName: string }
  | { readonly kind: "version"; readonly functionName: string; readonly version: string };

interface BucketShape<Key, Value> {
  readonly name: string;
  key(key: Key): string;
  parseKey(text: string): Key | undefined;
  toJson(value: Value): unknown;
  /** Throws MalformedMessageError. */
  read(key: Key, bytes: Uint8Array): Value;
}

export interface KvChange<Key, Value> {
  readonly key: Key;
  /** Undefined: the key was deleted. */
  readonly value: Value | undefined;
  /** The bucket's at this change; grows with each. */
  readonly revision: number;
}

export interface KvWatch {
  stop(): void;
}

export class KvBucket<Key, Value> {
  readonly #bus: Bus;
  readonly #shape: BucketShape<Key, Value>;

  constructor(bus: Bus, shape: BucketShape<Key, Value>) {
    this.#bus = bus;
    this.#shape = shape;
  }

  async get(key: Key): Promise<Value | undefined> {
    const entry = await (await this.#open()).get(this.#shape.key(key));
    return entry === null ? undefined : this.#valueOf(key, entry);
  }

  /** Resolves with the bucket's revision at this change. */
  async put(key: Key, value: Value): Promise<number> {
    const json = JSON.stringify(this.#shape.toJson(value));
    return (await this.#open()).put(this.#shape.key(key), json);
  }

  /** Of the newest change, deletions included. */
  async lastRevision(): Promise<number> {
    const { streamInfo } = await (await this.#open()).status();
    return streamInfo.state.last_seq;
  }

  /** Deleting what is not there is no error. */
  async delete(key: Key): Promise<void> {
    await (await this.#open()).purge(this.#shape.key(key));
  }

  /**
   * Calls `onChange` for each key that the bucket holds, then resolves, then goes on with each
   * change in order until stopped. An entry that does not fit its schema is reported and left out.
   */
  async watch(onChange: (change: KvChange<Key, Value>) => void): Promise<KvWatch> {
    const bucket = await this.#open();
    const entries = await bucket.watch();
    const isEmpty = (await bucket.status()).values === 0;
    const first = Promise.withResolvers<void>();
    const follow = async (): Promise<void> => {
      for await (const entry of entries) {
        this.#deliver(entry, onChange);
        if (entry.isUpdate || entry.delta === 0) first.resolve();
      }
      first.reject(new BusUnavailableError(`watching the bucket ${this.#shape.name} ended`));
    };
    void follow().catch((error: unknown) => first.reject(error));
    if (isEmpty) first.resolve();
    const late = setTimeout(() => {
      first.reject(new BusUnavailableError(`the bucket ${this.#shape.name} could not be read`));
    }, busLimits.watchReadyMs);
    try {
      await first.promise;
    } finally {
      clearTimeout(late);
    }
    return { stop: () => entries.stop() };
  }

  async #open(): ReturnType<Kvm["open"]> {
    return new Kvm(linkOf(this.#bus).jetstream).open(this.#shape.name);
  }

  #deliver(entry: KvWatchEntry, onChange: (change: KvChange<Key, Value>) => void): void {
    const key = this.#shape.parseKey(entry.key);
    if (key === undefined) return;
    try {
      onChange({ key, value: this.#valueOf(key, entry), revision: entry.revision });
    } catch (error) {
      const problem = error instanceof Error ? error : new Error(String(error));
      if (this.#bus instanceof NatsBus) this.#bus.countMalformed(entry.key, problem);
    }
  }

  #valueOf(key: Key, entry: KvEntry): Value | undefined {
    return entry.operation === "PUT" ? this.#shape.read(key, entry.value) : undefined;
  }
}

const FUNCTION_KEY = /^([\w-]{1,64})\.function$/;
const IDLE_HISTORY_KEY = /^([\w-]{1,64})\.(LATEST|[0-9]+)$/;
const VERSION_KEY = /^([\w-]{1,64})\.version\.(LATEST|[0-9]+)$/;

const functionsShape: BucketShape<FunctionsKey, FunctionsEntry> = {
  name: kvBuckets.functions,
  key: (key) =>
    key.kind === "function"
      ? `${key.functionName}.function`
      : `${key.functionName}.version.${versionToken(key.version)}`,
  parseKey: parseFunctionsKey,
  toJson: (entry) => entry.record,
  read: (key, bytes) =>
    key.kind === "function"
      ? { kind: "function", record: readJson(functionRecordSchema, bytes) }
      : { kind: "version", record: readJson(versionRecordSchema, bytes) },
};

function parseFunctionsKey(text: string): FunctionsKey | undefined {
  const functionName = FUNCTION_KEY.exec(text)?.[1];
  if (functionName !== undefined) return { kind: "function", functionName };
  const [, ofVersion, token] = VERSION_KEY.exec(text) ?? [];
  if (ofVersion === undefined || token === undefined) return undefined;
  return { kind: "version", functionName: ofVersion, version: versionFromToken(token) };
}

/** The key is in the value, as the names of the function and its version. */
const idleHistoryShape: BucketShape<OfQueue, IdleHistory> = {
  name: kvBuckets.idleHistory,
  key: ({ functionName, version }) => `${functionName}.${versionToken(version)}`,
  parseKey: (text) => {
    const [, functionName, token] = IDLE_HISTORY_KEY.exec(text) ?? [];
    if (functionName === undefined || token === undefined) return undefined;
    return { functionName, version: versionFromToken(token) };
  },
  toJson: (value) => value,
  read: (_key, bytes) => readJson(idleHistorySchema, bytes),
};

function plainShape<Value>(name: string, schema: z.ZodType<Value>): BucketShape<string, Value> {
  return {
    name,
    key: (key) => key,
    parseKey: (text) => text,
    toJson: (value) => value,
    read: (_key, bytes) => readJson(schema, bytes),
  };
}

function readJson<Value>(schema: z.ZodType<Value>, bytes: Uint8Array): Value {
  return decodeMessage({ schema, encoding: "document" }, bytes).document;
}

export const openFunctions = (bus: Bus): KvBucket<FunctionsKey, FunctionsEntry> =>
  new KvBucket(bus, functionsShape);
/** Key: the trigger's id. */
export const openTriggers = (bus: Bus): KvBucket<string, Trigger> =>
  new KvBucket(bus, plainShape(kvBuckets.triggers, triggerSchema));
/** Key: the trigger's id. */
export const openFirings = (bus: Bus): KvBucket<string, ScheduleFiring> =>
  new KvBucket(bus, plainShape(kvBuckets.firings, scheduleFiringSchema));
export const openIdleHistories = (bus: Bus): KvBucket<OfQueue, IdleHistory> =>
  new KvBucket(bus, idleHistoryShape);
/** Key: the access key id. */
export const openCredentials = (bus: Bus): KvBucket<string, CredentialRecord> =>
  new KvBucket(bus, plainShape(kvBuckets.credentials, credentialRecordSchema));
