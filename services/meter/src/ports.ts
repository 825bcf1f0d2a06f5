import type { AsyncInvocation, FateRecord, UsageRecord } from "@paddock/contracts";

/**
 * The ledger. Each method resolves after the commit, and may be called again with the same rows, in
 * any order, by several meters at once: the ledger is the same afterwards.
 *
 * Rejects with UnacceptableRowError when a row among them can never be stored, with any other error
 * when the ledger cannot be written now.
 */
export interface Ledger {
  readonly recordAccepted: (rows: readonly AsyncInvocation[]) => Promise<void>;
  readonly recordUsage: (rows: readonly UsageRecord[]) => Promise<void>;
  readonly recordFates: (rows: readonly FateRecord[]) => Promise<void>;
}

/** A row that the ledger refuses for what is in it; waiting does not help. */
export class UnacceptableRowError extends Error {
  override readonly name = "UnacceptableRowError";
}

/** A message with the rows it brings; exactly one of `ack` and `retry` is called. */
export interface LedgerMessage<Row> {
  readonly rows: readonly Row[];
  /** Times it came before. */
  readonly redeliveries: number;
  ack(): void;
  /** It comes again after `delayMs`. */
  retry(delayMs: number): void;
}

/** What the service says about its work. */
export interface MeterReport {
  /** Rows could not be written; their messages come again. Said once until it is over. */
  ledgerAway(error: unknown): void;
  ledgerBack(): void;
  /** A row that can never be stored, whole, so that nothing is lost without a trace. */
  unacceptable(row: object, error: unknown): void;
}
