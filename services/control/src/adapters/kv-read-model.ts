import { isDeepStrictEqual } from "node:util";
import { type Bus, type FunctionsEntry, type FunctionsKey, openFunctions } from "@paddock/bus";
import type { FunctionRecord, VersionRecord } from "@paddock/contracts";
import type { ReadModelEntry } from "../core/to-records.ts";
import type { ReadModel } from "../ports.ts";

interface Held {
  record: FunctionRecord | undefined;
  readonly versions: Map<string, VersionRecord>;
  /** Of its newest entry. */
  revision: number;
}

/**
 * The bucket `functions`. Nobody else writes to it, so what was read at the start and written since
 * is what it holds, and only differences cost a message.
 */
export class KvReadModel implements ReadModel {
  readonly #bus: Bus;
  #held = new Map<string, Held>();

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  async reload(): Promise<string[]> {
    const held = new Map<string, Held>();
    const watch = await openFunctions(this.#bus).watch(({ key, value, revision }) => {
      if (value !== undefined) hold(held, key, { value, revision });
    });
    watch.stop();
    this.#held = held;
    return [...held.keys()];
  }

  holds(functionName: string, entry: ReadModelEntry | undefined): boolean {
    const held = this.#held.get(functionName);
    if (held === undefined || entry === undefined) return held === undefined && entry === undefined;
    return (
      isDeepStrictEqual(held.record, entry.record) &&
      held.versions.size === entry.versions.length &&
      entry.versions.every((record) => isDeepStrictEqual(held.versions.get(record.version), record))
    );
  }

  async publish(functionName: string, entry: ReadModelEntry | undefined): Promise<number> {
    const held = this.#held.get(functionName) ?? nothing();
    this.#held.set(functionName, held);
    if (entry === undefined) await this.#removeRecord(functionName, held);
    else await this.#writeVersions(functionName, held, entry);
    // The function comes after the versions it leads to, and goes before them.
    if (entry !== undefined) await this.#writeRecord(functionName, held, entry.record);
    await this.#removeVersions(functionName, held, entry);
    if (entry === undefined) this.#held.delete(functionName);
    return held.revision;
  }

  async #writeVersions(functionName: string, held: Held, entry: ReadModelEntry): Promise<void> {
    for (const record of entry.versions) {
      const { version } = record;
      if (isDeepStrictEqual(held.versions.get(version), record)) continue;
      const key = { kind: "version", functionName, version } as const;
      held.revision = await this.#put(key, { kind: "version", record });
      held.versions.set(version, record);
    }
  }

  async #writeRecord(functionName: string, held: Held, record: FunctionRecord): Promise<void> {
    if (isDeepStrictEqual(held.record, record)) return;
    held.revision = await this.#put(
      { kind: "function", functionName },
      { kind: "function", record },
    );
    held.record = record;
  }

  async #removeRecord(functionName: string, held: Held): Promise<void> {
    if (held.record === undefined) return;
    await openFunctions(this.#bus).delete({ kind: "function", functionName });
    held.record = undefined;
  }

  async #removeVersions(
    functionName: string,
    held: Held,
    entry: ReadModelEntry | undefined,
  ): Promise<void> {
    const kept = new Set(entry?.versions.map(({ version }) => version));
    for (const version of held.versions.keys()) {
      if (kept.has(version)) continue;
      await openFunctions(this.#bus).delete({ kind: "version", functionName, version });
      held.versions.delete(version);
    }
  }

  #put(key: FunctionsKey, entry: FunctionsEntry): Promise<number> {
    return openFunctions(this.#bus).put(key, entry);
  }
}

function nothing(): Held {
  return { record: undefined, versions: new Map(), revision: 0 };
}

function hold(
  held: Map<string, Held>,
  key: FunctionsKey,
  { value, revision }: { value: FunctionsEntry; revision: number },
): void {
  const known = held.get(key.functionName) ?? nothing();
  held.set(key.functionName, known);
  known.revision = Math.max(known.revision, revision);
  if (value.kind === "function") known.record = value.record;
  else known.versions.set(value.record.version, value.record);
}
