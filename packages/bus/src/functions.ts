import type { FunctionRecord, VersionRecord } from "@paddock/contracts";
import type { Bus } from "./bus.ts";
import {
  type FunctionsEntry,
  type FunctionsKey,
  type KvBucket,
  type KvChange,
  openFunctions,
} from "./kv.ts";
import { busLimits } from "./limits.ts";

/** The read model of functions in memory, kept up to date by the bucket `functions`. */
export interface FunctionDirectory {
  /** Resolves when all functions that the bucket held at the start are known. */
  readonly ready: Promise<void>;
  getFunction(functionName: string): FunctionRecord | undefined;
  /** `version` is `$LATEST` or a number. */
  getVersion(functionName: string, version: string): VersionRecord | undefined;
  functions(): IterableIterator<FunctionRecord>;
  /**
   * Looks into the bucket itself for a function, or its version or alias, that is not known here,
   * which costs a request or two: right after it was made, its arrival may still be under way.
   * Resolves with true once it is known, with false when the bucket has none, or when it does not
   * arrive in time.
   */
  arrived(functionName: string, qualifier?: string): Promise<boolean>;
  /** Versions of one function that are known, `$LATEST` included. */
  versions(functionName: string): IterableIterator<VersionRecord>;
  /**
   * Called after each change, also for what arrives before `ready`; `version` is undefined where
   * the function itself changed. Returns a function that removes the listener.
   */
  onChange(listener: (change: FunctionChange) => void): () => void;
  stop(): void;
}

export interface FunctionChange {
  readonly functionName: string;
  readonly version: string | undefined;
  readonly deleted: boolean;
}

interface Known {
  record: FunctionRecord | undefined;
  readonly versions: Map<string, VersionRecord>;
}

/** Reads are O(1), without a promise; between a write by control and its arrival lies one hop. */
export function watchFunctions(bus: Bus): FunctionDirectory {
  return new Directory(bus);
}

class Directory implements FunctionDirectory {
  readonly ready: Promise<void>;
  readonly #bucket: KvBucket<FunctionsKey, FunctionsEntry>;
  readonly #known = new Map<string, Known>();
  readonly #listeners = new Set<(change: FunctionChange) => void>();
  #stop: (() => void) | undefined;
  #stopped = false;

  constructor(bus: Bus) {
    this.#bucket = openFunctions(bus);
    this.ready = this.#bucket
      .watch((change) => this.#apply(change))
      .then((watch) => {
        if (this.#stopped) watch.stop();
        this.#stop = () => watch.stop();
      });
    // A caller that never awaits `ready` must not crash the process; one that does sees the error.
    this.ready.catch(() => undefined);
  }

  getFunction(functionName: string): FunctionRecord | undefined {
    return this.#known.get(functionName)?.record;
  }

  getVersion(functionName: string, version: string): VersionRecord | undefined {
    return this.#known.get(functionName)?.versions.get(version);
  }

  async arrived(functionName: string, qualifier = "$LATEST"): Promise<boolean> {
    const isVersion = qualifier === "$LATEST" || /^[0-9]+$/.test(qualifier);
    const key: FunctionsKey = isVersion
      ? { kind: "version", functionName, version: qualifier }
      : { kind: "function", functionName };
    const entry = await this.#bucket.get(key);
    if (entry === undefined) return false;
    if (entry.kind === "function" && !Object.hasOwn(entry.record.aliases, qualifier)) return false;
    const isKnown = (): boolean => {
      const known = this.#known.get(functionName);
      if (known?.record === undefined) return false;
      return isVersion
        ? known.versions.has(qualifier)
        : Object.hasOwn(known.record.aliases, qualifier);
    };
    const giveUpAtMs = Date.now() + busLimits.functionArrivalMs;
    while (!isKnown()) {
      if (Date.now() > giveUpAtMs) return false;
      await new Promise((resolve) => setTimeout(resolve, busLimits.functionArrivalPollMs));
    }
    return true;
  }

  *functions(): IterableIterator<FunctionRecord> {
    for (const { record } of this.#known.values()) if (record !== undefined) yield record;
  }

  *versions(functionName: string): IterableIterator<VersionRecord> {
    yield* this.#known.get(functionName)?.versions.values() ?? [];
  }

  onChange(listener: (change: FunctionChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stop(): void {
    this.#stopped = true;
    this.#stop?.();
  }

  #apply({ key, value }: KvChange<FunctionsKey, FunctionsEntry>): void {
    const known = this.#known.get(key.functionName) ?? { record: undefined, versions: new Map() };
    if (key.kind === "function") {
      known.record = value?.kind === "function" ? value.record : undefined;
    } else if (value?.kind === "version") {
      known.versions.set(key.version, value.record);
    } else {
      known.versions.delete(key.version);
    }
    if (known.record === undefined && known.versions.size === 0) {
      this.#known.delete(key.functionName);
    } else {
      this.#known.set(key.functionName, known);
    }
    const version = key.kind === "version" ? key.version : undefined;
    const change = { functionName: key.functionName, version, deleted: value === undefined };
    for (const listener of this.#listeners) listener(change);
  }
}
