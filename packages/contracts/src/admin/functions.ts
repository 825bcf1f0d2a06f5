import { z } from "zod";
import {
  epochMsSchema,
  functionNameSchema,
  versionSchema,
  workerIdSchema,
} from "../identifiers.ts";
import { functionStateSchema } from "../internal/function-record.ts";
import { isolationSchema } from "../internal/isolation.ts";

const count = z.number().int().nonnegative();

/** `GET functions?limit=&cursor=`: by name. */
export const functionsQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  /** `nextCursor` of the page before: the last name in it. */
  cursor: functionNameSchema.optional(),
});

/** `$LATEST` of a function. */
export const functionEntrySchema = z.object({
  functionName: functionNameSchema,
  runtime: z.string(),
  handler: z.string(),
  state: functionStateSchema,
  memoryMb: count,
  timeoutSeconds: count,
  ephemeralStorageMb: count,
  codeSizeBytes: count,
  lastModifiedMs: epochMsSchema,
});
export type FunctionEntry = z.output<typeof functionEntrySchema>;

export const functionsPageSchema = z.object({
  functions: z.array(functionEntrySchema),
  /** Absent on the last page. */
  nextCursor: functionNameSchema.optional(),
});
export type FunctionsPage = z.output<typeof functionsPageSchema>;

/** `GET functions/:functionName`. */
export const functionPageSchema = z.object({
  function: functionEntrySchema,
  /** What it runs in, or would: of the workers that have its runtime; more than one in a mixed fleet. */
  isolations: z.array(isolationSchema),
  /** Where it has environments now. */
  environments: z.array(
    z.object({
      version: versionSchema,
      workerId: workerIdSchema,
      hostName: z.string(),
      isolation: isolationSchema,
      starting: count,
      busy: count,
      idle: count,
      frozen: count,
    }),
  ),
});
export type FunctionPage = z.output<typeof functionPageSchema>;
