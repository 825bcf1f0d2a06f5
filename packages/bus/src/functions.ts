import type { FunctionRecord, Target, VersionRecord } from "@paddock/contracts";
import type { Bus } from "./bus.ts";
import { Follower } from "./follower.ts";
import {
  type FunctionsEntry,
  type FunctionsKey,
  type KvBucket,
  type KvChange,
  type KvWatch,
  openFunctions,
} from "./kv.ts";
import { busLimits } from "./limits.ts";

/** The read model of functions in memory, kept up to date by the bucket `functions`. */
export interface FunctionDirectory {
  /**
   * Resolves when all functions that the bucket held at the start are known, and control waits for
   * this process from now on before it says that a change is made.
   */
  readonly ready: Promise<void>;
  getFunction(functionName: string): FunctionRecord | undefined;
  /** `version` is `$LATEST` or a number. */
  getVersion(functionName: string, version: string): VersionRecord | undefined;
  /** Of a configuration that was replaced the present one; any other target as it is. */
  currentTarget(target: Target): Target;
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

interface KnownVersion {
  readonly record: VersionRecord;
  /** Ids of configurations that it had before, the latest last. */
  readonly superseded: readonly string[];
}

interface Known {
  record: FunctionRecord | undefined;
  readonly versions: Map<string, KnownVersion>;
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
  readonly #bus: Bus;
  #watch: KvWatch | undefined;
  #follower: Follower | undefined;
  #revision = 0;
  #stopped = false;

  constructor(bus: Bus) {
    this.#bus = bus;
    this.#bucket = openFunctions(bus);
    this.ready = this.#follow();
    // A caller that never awaits `ready` must not crash the process; one that does sees the error.
    this.ready.catch(() => undefined);
  }

  getFunction(functionName: string): FunctionRecord | undefined {
    return this.#known.get(functionName)?.record;
  }

  getVersion(functionName: string, version: string): VersionRecord | undefined {
    return this.#known.get(functionName)?.versions.get(version)?.record;
  }

  currentTarget(target: Target): Target {
    const known = this.#known.get(target.functionName)?.versions.get(target.version);
    if (known === undefined || !known.superseded.includes(target.configId)) return target;
    return { ...target, configId: known.record.configId };
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
    return this.#arrival(isKnown);
  }

  *functions(): IterableIterator<FunctionRecord> {
    for (const { record } of this.#known.values()) if (record !== undefined) yield record;
  }

  *versions(functionName: string): IterableIterator<VersionRecord> {
    for (const { record } of this.#known.get(functionName)?.versions.values() ?? []) yield record;
  }

  onChange(listener: (change: FunctionChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stop(): void {
    this.#stopped = true;
    this.#watch?.stop();
    this.#follower?.stop();
  }

  async #follow(): Promise<void> {
    this.#watch = await this.#bucket.watch((change) => this.#apply(change));
    if (this.#stopped) {
      this.#watch.stop();
      return;
    }
    this.#follower = new Follower(this.#bus, () => this.#revision);
    // Control waits for this process only from here on: what it changed before has to be here too.
    await this.#bus.flush();
    const revision = await this.#bucket.lastRevision();
    await this.#arrival(() => this.#revision >= revision);
  }

  async #arrival(isHere: () => boolean): Promise<boolean> {
    const giveUpAtMs = Date.now() + busLimits.functionArrivalMs;
    while (!isHere()) {
      if (Date.now() > giveUpAtMs) return false;
      await new Promise((resolve) => setTimeout(resolve, busLimits.functionArrivalPollMs));
    }
    return true;
  }

  #apply({ key, value, revision }: KvChange<FunctionsKey, FunctionsEntry>): void {
    const none: Known = { record: undefined, versions: new Map() };
    const known = this.#known.get(key.functionName) ?? none;
    if (key.kind === "function") {
      known.record = value?.kind === "function" ? value.record : undefined;
    } else if (value?.kind === "version") {
      known.versions.set(key.version, replaced(known.versions.get(key.version), value.record));
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
    // After the listeners: what they do about it is done when control hears of it.
    this.#revision = Math.max(this.#revision, revision);
    this.#follower?.changed();
  }
}

function replaced(before: KnownVersion | undefined, record: VersionRecord): KnownVersion {
  if (before === undefined) return { record, superseded: [] };
  if (before.record.configId === record.configId) return { ...before, record };
  const superseded = [...before.superseded, before.record.configId];
  return { record, superseded: superseded.slice(-busLimits.supersededConfigs) };
}
