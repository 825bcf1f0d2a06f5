import type { Logger } from "@paddock/service-kit";
import type { IntakeReport } from "../ports.ts";

/** Reports go to the log; events' contents do not. */
export function loggedReport(logger: Logger): IntakeReport {
  return {
    poison: ({ path, streamSequence }, reason, poisonEvents) =>
      logger.warn({ path, streamSequence, reason, poisonEvents }, "dropped an unreadable event"),
    refused: ({ path, streamSequence }, error) =>
      logger.error({ path, streamSequence, error }, "an event was not accepted; it comes again"),
  };
}
