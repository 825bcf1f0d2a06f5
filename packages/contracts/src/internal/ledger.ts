import { z } from "zod";
import {
  environmentIdSchema,
  epochMsSchema,
  functionNameSchema,
  requestIdSchema,
  triggerKindSchema,
  versionSchema,
  workerIdSchema,
} from "../identifiers.ts";
import { attemptOutcomeSchema } from "./attempt-outcome.ts";
import { coldStartSchema } from "./cold-start.ts";
import { isolationSchema } from "./isolation.ts";

/**
 * What the ledger is made of. Each record has an id that does not change when it is sent again;
 * the database inserts it under that id, so that it counts once.
 */

/**
 * `errorType` of an attempt whose worker died: a platform error of which nobody knows how long it
 * ran. Whoever misses such a worker may say so; the ledger prefers the worker's own record of the
 * attempt, whichever comes first.
 */
export const workerLost = "Worker.Lost";

/** One attempt to run one invocation: the usage record. Its id is `requestId` + `attempt`. */
export const usageRecordSchema = z.object({
  requestId: requestIdSchema,
  /** 1 for the first. */
  attempt: z.number().int().positive(),
  functionName: functionNameSchema,
  version: versionSchema,
  trigger: triggerKindSchema,
  triggerDetail: z.string().optional(),
  invocationType: z.enum(["RequestResponse", "Event"]),
  memoryMb: z.number().int().positive(),
  architecture: z.enum(["x86_64", "arm64"]),
  ephemeralStorageMb: z.number().int().positive(),
  /** 0 where the environment was warm. */
  initMs: z.number().nonnegative(),
  durationMs: z.number().nonnegative(),
  billedMs: z.number().int().nonnegative(),
  peakMemoryMb: z.number().int().nonnegative(),
  outcome: attemptOutcomeSchema,
  errorType: z.string().max(256).optional(),
  errorMessage: z.string().max(1024).optional(),
  workerId: workerIdSchema,
  environmentId: environmentIdSchema,
  /** `unknown`: the worker was lost, and never said. */
  isolation: z.union([isolationSchema, z.literal("unknown")]),
  logGroup: z.string(),
  logStream: z.string(),
  coldStart: coldStartSchema.optional(),
  acceptedAtMs: epochMsSchema,
  startedAtMs: epochMsSchema,
  finishedAtMs: epochMsSchema,
});
export type UsageRecord = z.output<typeof usageRecordSchema>;

/** Worker → stream LEDGER → meter: many records at once, because each message costs a round trip. */
export const usageBatchSchema = z.object({ records: z.array(usageRecordSchema).max(1024) });
export type UsageBatch = z.output<typeof usageBatchSchema>;

/** The end of an asynchronous invocation: exactly one for each accepted event. */
export const fateRecordSchema = z.object({
  requestId: requestIdSchema,
  functionName: functionNameSchema,
  fate: z.enum(["succeeded", "failed", "expired", "dropped"]),
  /** Condition of the destination record, or why it was dropped. */
  detail: z.string().max(1024).optional(),
  attempts: z.number().int().nonnegative(),
  decidedAtMs: epochMsSchema,
});
export type FateRecord = z.output<typeof fateRecordSchema>;

export const fateBatchSchema = z.object({ records: z.array(fateRecordSchema).max(1024) });
export type FateBatch = z.output<typeof fateBatchSchema>;
