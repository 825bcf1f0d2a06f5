import type { AsyncInvocation, FateRecord, UsageRecord } from "@paddock/contracts";

/**
 * The ledger. Each call is one transaction: it resolves after the records are safe, and rejects with
 * none of them stored. The same record stored again counts once, in whatever order records come.
 */
export interface Ledger {
  recordAccepted(rows: readonly AsyncInvocation[]): Promise<void>;
  recordUsage(rows: readonly UsageRecord[]): Promise<void>;
  recordFates(rows: readonly FateRecord[]): Promise<void>;
}
