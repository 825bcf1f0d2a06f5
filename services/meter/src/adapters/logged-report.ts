import type { Logger } from "@paddock/service-kit";
import type { MeterReport } from "../ports.ts";

/** `what` is the kind of record, such as `usage`. */
export function loggedReport(logger: Logger, what: string): MeterReport {
  return {
    ledgerAway: (error) =>
      logger.error({ what, error }, "the ledger cannot be written; its records wait in NATS"),
    ledgerBack: () => logger.info({ what }, "the ledger is written again"),
    unacceptable: (row, error) =>
      logger.error({ what, row, error }, "a record that the ledger can never hold"),
  };
}
