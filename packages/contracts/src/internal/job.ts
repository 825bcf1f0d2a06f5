import { z } from "zod";
import { epochMsSchema, versionSchema } from "../identifiers.ts";
import { asyncInvocationSchema } from "./invocation.ts";

/** What BullMQ holds for one accepted event. Job id = request id. */
export const invocationJobSchema = z.object({
  invocation: asyncInvocationSchema,
  /** The version that the router resolved the qualifier to. */
  version: versionSchema,
  /** The event, as UTF-8 text: accepted events are valid JSON. */
  event: z.string(),
  maximumRetryAttempts: z.number().int().min(0).max(2),
  /** After this no attempt is begun. */
  expiresAtMs: epochMsSchema,
  /** Number of the attempt that runs next; counts every attempt that was begun. */
  nextAttempt: z.number().int().positive(),
  /** Attempts that ended in a function error: what maximumRetryAttempts bounds. */
  functionErrors: z.number().int().nonnegative(),
});
export type InvocationJob = z.output<typeof invocationJobSchema>;
