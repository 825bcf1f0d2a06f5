/**
 * The way of usage records and fates from an invocation to the stream LEDGER. A record is in the
 * journal file before the invocation is answered and is published in batches afterwards, so that
 * killing the worker at any moment loses none; the ledger's keys make repeated ones count once.
 */
import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { FateRecord, UsageRecord } from "@paddock/contracts";
import { limits } from "../limits.ts";
import type { UsageRecorder } from "../ports.ts";
import { JournalSegment } from "./journal-segment.ts";

/** What is published. */
export type JournalEntry =
  | { readonly kind: "usage"; readonly record: UsageRecord }
  | { readonly kind: "fate"; readonly record: FateRecord };

/** What a line of the file holds: also attempts that were begun, should their end never follow. */
export type JournalLine = JournalEntry | { readonly kind: "begun"; readonly record: UsageRecord };

/** Sends one batch to the ledger's stream; resolves after the stream has it. */
export type PublishEntries = (entries: readonly JournalEntry[], messageId: string) => Promise<void>;

interface Pending {
  readonly entry: JournalEntry;
  readonly segment: JournalSegment;
}

export interface UsageJournalOptions {
  /** This worker's own folder below the journal folder. */
  readonly directory: string;
  readonly publish: PublishEntries;
  readonly onError: (error: unknown) => void;
}

export class UsageJournal implements UsageRecorder {
  readonly #options: UsageJournalOptions;
  readonly #pending: Pending[] = [];
  /** Where attempts stand that have no usage record yet: their files have to stay. */
  readonly #begun = new Map<string, JournalSegment>();
  #segment: JournalSegment;
  #segmentNumber = 0;
  #inFlight = 0;
  #timer: NodeJS.Timeout | undefined;
  #onDrained: (() => void) | undefined;

  constructor(options: UsageJournalOptions) {
    mkdirSync(options.directory, { recursive: true, mode: 0o700 });
    this.#options = options;
    this.#segment = this.#openSegment();
  }

  recordBegun(record: UsageRecord): void {
    this.#begun.set(attemptKey(record), this.#write({ kind: "begun", record }));
  }

  recordUsage(record: UsageRecord): void {
    this.#publishSoon({ kind: "usage", record });
    const key = attemptKey(record);
    this.#begun.get(key)?.acknowledge(1);
    this.#begun.delete(key);
  }

  recordFate(record: FateRecord): void {
    this.#publishSoon({ kind: "fate", record });
  }

  /** Publishes what is left, for at most `withinMs`; the rest stays on disk for the next worker. */
  async close(withinMs: number): Promise<void> {
    const drained = new Promise<void>((resolve) => {
      this.#onDrained = resolve;
      const bound = setTimeout(resolve, withinMs);
      bound.unref();
    });
    this.#flush();
    await drained;
    clearTimeout(this.#timer);
    this.#segment.close();
  }

  #write(line: JournalLine): JournalSegment {
    if (this.#segment.bytes >= limits.journalSegmentBytes) {
      this.#segment.close();
      this.#segment = this.#openSegment();
    }
    this.#segment.append(`${JSON.stringify(line)}\n`);
    return this.#segment;
  }

  #publishSoon(entry: JournalEntry): void {
    this.#pending.push({ entry, segment: this.#write(entry) });
    if (this.#pending.length >= limits.usageBatchRecords) this.#flush();
    else this.#schedule(limits.usageFlushIntervalMs);
  }

  #openSegment(): JournalSegment {
    this.#segmentNumber += 1;
    return new JournalSegment(join(this.#options.directory, `${this.#segmentNumber}.ndjson`));
  }

  #schedule(delayMs: number): void {
    this.#timer ??= setTimeout(() => this.#flush(), delayMs);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#pending.length > 0 && this.#inFlight < limits.usagePublishesInFlight) {
      void this.#send(this.#pending.splice(0, limits.usageBatchRecords));
    }
    if (this.#pending.length === 0 && this.#inFlight === 0) this.#onDrained?.();
  }

  async #send(batch: readonly Pending[]): Promise<void> {
    this.#inFlight += 1;
    const entries = batch.map(({ entry }) => entry);
    try {
      await this.#options.publish(entries, contentId(entries));
      for (const { segment } of batch) segment.acknowledge(1);
      this.#inFlight -= 1;
      this.#flush();
    } catch (error) {
      this.#inFlight -= 1;
      this.#options.onError(error);
      this.#pending.unshift(...batch);
      this.#schedule(limits.usageRetryDelayMs);
    }
  }
}

/** Under which the ledger keeps it. */
export function attemptKey({ requestId, attempt }: UsageRecord): string {
  return `${requestId}/${attempt}`;
}

/** The same records give the same id, whoever sends them: the stream drops the repetition. */
export function contentId(entries: readonly JournalEntry[]): string {
  return createHash("sha256").update(JSON.stringify(entries)).digest("hex");
}
