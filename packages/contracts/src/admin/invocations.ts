import { z } from "zod";
import { epochMsSchema, functionNameSchema, requestIdSchema } from "../identifiers.ts";
import { attemptOutcomeSchema } from "../internal/attempt-outcome.ts";
import { usageRecordSchema } from "../internal/ledger.ts";
import { logLineSchema } from "./logs.ts";

/**
 * accepted: on record, no attempt has ended · retrying: the last attempt failed, another may follow ·
 * the rest are final. A synchronous invocation is succeeded or failed at once.
 */
export const invocationStateSchema = z.enum([
  "accepted",
  "retrying",
  "succeeded",
  "failed",
  "expired",
  "dropped",
]);
export type InvocationState = z.output<typeof invocationStateSchema>;

/** `GET invocations?function=&state=&limit=&cursor=`: newest first. */
export const invocationsQuerySchema = z.object({
  function: functionNameSchema.optional(),
  state: invocationStateSchema.optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  /** `nextCursor` of the page before. */
  cursor: z.string().max(256).optional(),
});
export type InvocationsQuery = z.output<typeof invocationsQuerySchema>;

export const invocationSummarySchema = z.object({
  requestId: requestIdSchema,
  functionName: functionNameSchema,
  state: invocationStateSchema,
  invocationType: z.enum(["RequestResponse", "Event"]),
  acceptedAtMs: epochMsSchema,
  /** Absent while only the end of the invocation is on record. */
  trigger: z.string().optional(),
  triggerDetail: z.string().optional(),
  /** As addressed: an alias, a version; absent when none was given or nobody recorded it. */
  qualifier: z.string().optional(),
  /** The rest: absent until an attempt has ended. */
  version: z.string().optional(),
  attempts: z.number().int().nonnegative(),
  lastOutcome: attemptOutcomeSchema.optional(),
  errorType: z.string().optional(),
  errorMessage: z.string().optional(),
  lastStartedAtMs: epochMsSchema.optional(),
  lastFinishedAtMs: epochMsSchema.optional(),
  /** Asynchronous ones only: how it ended for good. */
  fate: z.enum(["succeeded", "failed", "expired", "dropped"]).optional(),
  fateDetail: z.string().optional(),
  decidedAtMs: epochMsSchema.optional(),
});
export type InvocationSummary = z.output<typeof invocationSummarySchema>;

export const invocationsPageSchema = z.object({
  invocations: z.array(invocationSummarySchema),
  /** Absent on the last page. */
  nextCursor: z.string().optional(),
});
export type InvocationsPage = z.output<typeof invocationsPageSchema>;

/** A usage record, and what it says of its cold start in a sentence. */
export const attemptDetailSchema = usageRecordSchema.extend({
  coldStartSentence: z.string().optional(),
});
export type AttemptDetail = z.output<typeof attemptDetailSchema>;

/** `GET invocations/:requestId`. */
export const invocationDetailSchema = z.object({
  invocation: invocationSummarySchema,
  /** In the order of their numbers. */
  attempts: z.array(attemptDetailSchema),
  /** Lines between START and END of its attempts, as far as they are still kept. */
  logLines: z.array(logLineSchema),
  /** True: there are more lines than are shown. */
  logLinesCut: z.boolean(),
});
export type InvocationDetail = z.output<typeof invocationDetailSchema>;
