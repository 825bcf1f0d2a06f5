import { z } from "zod";
import { epochMsSchema, functionNameSchema, versionSchema } from "../identifiers.ts";

/**
 * How long environments of one function version were idle before they were used again: what the
 * router has learned. It is the value of the KV bucket `idle-history`, which workers watch and the
 * next router reads. What follows from it (how long to keep, when to pre-warm) is lambda-model's.
 */
export const idleHistorySchema = z.object({
  functionName: functionNameSchema,
  version: versionSchema,
  /** [minute, how often], as far as there are any; older samples count less. */
  bins: z.array(z.tuple([z.number().int().nonnegative().max(239), z.number().positive()])).max(240),
  /** Idle times beyond the last minute. */
  outOfBounds: z.number().nonnegative(),
  /** The counts are as of this time. */
  agedAtMs: epochMsSchema,
  /** Since when nothing ran, at the time of writing; absent: something did. */
  idleSinceMs: epochMsSchema.optional(),
});
export type IdleHistory = z.output<typeof idleHistorySchema>;
