import { z } from "zod";
import {
  environmentIdSchema,
  epochMsSchema,
  functionNameSchema,
  requestIdSchema,
  targetSchema,
  triggerKindSchema,
  workerIdSchema,
} from "../identifiers.ts";
import { coldStartReasonSchema } from "./cold-start.ts";

/**
 * One request to run a function. On the wire it is a frame (see `@paddock/bus` frames): this
 * document, then the event's bytes as they came. The bytes are never parsed and written again.
 */
const invocationCommon = {
  /** The same for every attempt of an asynchronous invocation; `context.awsRequestId`. */
  requestId: requestIdSchema,
  functionName: functionNameSchema,
  /** ARN as the caller addressed it: with the alias or version if one was given. */
  invokedFunctionArn: z.string(),
  trigger: triggerKindSchema,
  /** The trigger's own name for what fired: a subject, a schedule's id. */
  triggerDetail: z.string().optional(),
  /** X-Ray header, made by the front door where the caller sent none. */
  traceHeader: z.string(),
  acceptedAtMs: epochMsSchema,
};

/** Gateway → worker over the warm lane, gateway → router, worker → router. */
export const syncInvocationSchema = z.object({
  ...invocationCommon,
  target: targetSchema,
  /** Decoded JSON text of X-Amz-Client-Context. */
  clientContext: z.string().optional(),
  /** Return the last 4 KB of the invocation's log. */
  wantsLogTail: z.boolean(),
  /** Workers that were offered this invocation and had no free environment. */
  triedWorkerIds: z.array(workerIdSchema).max(64),
  /** After this the caller is gone: nobody starts it any more. */
  expiresAtMs: epochMsSchema,
});
export type SyncInvocation = z.output<typeof syncInvocationSchema>;

/** Trigger adapter → stream ACCEPTED → router. */
export const asyncInvocationSchema = z.object({
  ...invocationCommon,
  /** As addressed: undefined, `$LATEST`, a version or an alias. The router resolves it. */
  qualifier: z.string().optional(),
});
export type AsyncInvocation = z.output<typeof asyncInvocationSchema>;

/** The router's permission to hold one more execution environment. */
export const environmentGrantSchema = z.object({
  environmentId: environmentIdSchema,
  memoryMb: z.number().int().positive(),
  reason: coldStartReasonSchema,
});
export type EnvironmentGrant = z.output<typeof environmentGrantSchema>;

/** Router → one worker: run this invocation, in a new environment if a grant comes with it. */
export const placedInvocationSchema = z.object({
  invocation: syncInvocationSchema,
  grant: environmentGrantSchema.optional(),
});
export type PlacedInvocation = z.output<typeof placedInvocationSchema>;

/** Router → one worker: take queued invocations of this target until its queue is empty. */
export const drainQueueSchema = z.object({
  target: targetSchema,
  grants: z.array(environmentGrantSchema).max(256),
});
export type DrainQueue = z.output<typeof drainQueueSchema>;

/** Router → one worker: make an environment that an invocation will soon need, and let it wait. */
export const preWarmEnvironmentSchema = z.object({
  target: targetSchema,
  grant: environmentGrantSchema,
});
export type PreWarmEnvironment = z.output<typeof preWarmEnvironmentSchema>;

/** Router → one worker: give up idle environments so that others fit. */
export const reclaimEnvironmentsSchema = z.object({
  /** Only this function's; absent: any function's but `exceptFunctionName`. */
  functionName: functionNameSchema.optional(),
  exceptTarget: targetSchema.optional(),
  count: z.number().int().positive().max(1024),
  /** The function that is to have their place, if it is one. */
  forFunction: functionNameSchema.optional(),
  why: z.string(),
});
export type ReclaimEnvironments = z.output<typeof reclaimEnvironmentsSchema>;

/** Answer to ReclaimEnvironments: the environments that are gone and whose leases are released. */
export const reclaimedEnvironmentsSchema = z.object({
  environmentIds: z.array(environmentIdSchema),
});
export type ReclaimedEnvironments = z.output<typeof reclaimedEnvironmentsSchema>;
