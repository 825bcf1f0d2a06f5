import { z } from "zod";
import { epochMsSchema, functionNameSchema, versionSchema } from "../identifiers.ts";
import { sinceSchema } from "./common.ts";

/**
 * `GET attempts?function=&since=`: when each attempt on record began and ended, NDJSON, in no
 * order. The last line is an AttemptsEnd: an answer without it has broken off.
 */
export const attemptsQuerySchema = z.object({
  function: functionNameSchema.optional(),
  /** Without it: the last seven days. */
  since: sinceSchema.optional(),
});
export type AttemptsQuery = z.output<typeof attemptsQuerySchema>;

/** Attempts of one function version: one place in each array for each. */
export const attemptsSchema = z.object({
  functionName: functionNameSchema,
  version: versionSchema,
  startsMs: z.array(z.number()),
  endsMs: z.array(z.number()),
  memoryMb: z.array(z.number()),
  /** How many of them had an environment made for them. */
  coldStarts: z.number().int().nonnegative(),
});
export type Attempts = z.output<typeof attemptsSchema>;

export const attemptsEndSchema = z.object({
  end: z.object({
    sinceMs: epochMsSchema,
    untilMs: epochMsSchema,
    /** False: there are more on record than one answer gives. */
    isComplete: z.boolean(),
    /** What is in force: see the settings of these names. */
    keepAlivePolicy: z.enum(["fixed", "histogram"]),
    idleEnvironmentTimeoutSeconds: z.number().positive(),
  }),
});
export type AttemptsEnd = z.output<typeof attemptsEndSchema>;

export const attemptsLineSchema = z.union([attemptsSchema, attemptsEndSchema]);
