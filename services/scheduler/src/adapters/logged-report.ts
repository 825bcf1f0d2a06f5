import type { ScheduleTrigger } from "@paddock/contracts";
import type { Logger } from "@paddock/service-kit";
import type { FiringReport } from "../ports.ts";

export function loggedReport(logger: Logger): FiringReport {
  const about = ({ triggerId, functionName }: ScheduleTrigger, dueMs: number) => ({
    triggerId,
    functionName,
    due: new Date(dueMs).toISOString(),
  });
  return {
    fired: (trigger, dueMs) => logger.debug(about(trigger, dueMs), "fired a schedule"),
    missed: (trigger, dueMs) =>
      logger.warn(about(trigger, dueMs), "a schedule was due too long ago"),
    refused: (trigger, dueMs, error, isFinal) =>
      logger[isFinal ? "error" : "warn"](
        { ...about(trigger, dueMs), error },
        isFinal ? "gave up firing a schedule" : "a schedule was not accepted; it is tried again",
      ),
  };
}
