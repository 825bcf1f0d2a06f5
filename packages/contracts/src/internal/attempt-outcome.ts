import { z } from "zod";

/** How an attempt ended. Only `platform-error` is ours to answer for, and is not billed. */
export const attemptOutcomeSchema = z.enum([
  "succeeded",
  "function-error",
  "timed-out",
  "crashed",
  "out-of-memory",
  "init-error",
  "platform-error",
]);
export type AttemptOutcome = z.output<typeof attemptOutcomeSchema>;
