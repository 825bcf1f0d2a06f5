import { type Database, recordAccepted, recordFates, recordUsage } from "@paddock/store";
import { type Ledger, UnacceptableRowError } from "../ports.ts";

/** The relational store. */
export function storeLedger(database: Database): Ledger {
  return {
    recordAccepted: (rows) => tellingRowFaults(() => recordAccepted(database, rows)),
    recordUsage: (rows) =>
      tellingRowFaults(async () => {
        await recordUsage(database, rows);
      }),
    recordFates: (rows) => tellingRowFaults(() => recordFates(database, rows)),
  };
}

async function tellingRowFaults(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!isRowFault(error)) throw error;
    throw new UnacceptableRowError("the store refuses a row", { cause: error });
  }
}

/**
 * SQLSTATE classes 22 (data exception: NUL in a text, a number out of range) and 23 (integrity).
 * Source: https://www.postgresql.org/docs/18/errcodes-appendix.html
 */
function isRowFault(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  return typeof error.code === "string" && /^2[23][0-9A-Z]{3}$/.test(error.code);
}
