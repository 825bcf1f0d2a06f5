import { type Database, recordAccepted, recordFates, recordUsage } from "@paddock/store";
import type { Ledger } from "../ports.ts";

export function postgresLedger(database: Database): Ledger {
  return {
    recordAccepted: (rows) => recordAccepted(database, rows),
    async recordUsage(rows) {
      await recordUsage(database, rows);
    },
    recordFates: (rows) => recordFates(database, rows),
  };
}
