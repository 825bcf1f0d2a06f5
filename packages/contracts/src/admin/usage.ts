import { z } from "zod";
import { epochMsSchema, functionNameSchema } from "../identifiers.ts";
import { sinceSchema } from "./common.ts";

/** `GET usage?function=&since=`: what ran, by function. Without `since`: everything on record. */
export const usageQuerySchema = z.object({
  function: functionNameSchema.optional(),
  since: sinceSchema.optional(),
});
export type UsageQuery = z.output<typeof usageQuerySchema>;

const usageFigures = {
  /** Attempts that began to run and are not the platform's fault: what AWS bills as requests. */
  requests: z.number().int().nonnegative(),
  /** Of those, the ones that did not succeed. */
  errors: z.number().int().nonnegative(),
  coldStarts: z.number().int().nonnegative(),
  billedMs: z.number().nonnegative(),
  gbSeconds: z.number().nonnegative(),
  /** What AWS's list price would have been, in US dollars, without its free tier. */
  listPriceUsd: z.number().nonnegative(),
};

export const functionUsageSchema = z.object({
  functionName: functionNameSchema,
  architecture: z.enum(["x86_64", "arm64"]),
  ...usageFigures,
});
export type FunctionUsage = z.output<typeof functionUsageSchema>;

export const usageReportSchema = z.object({
  /** Absent: from the first record on. */
  sinceMs: epochMsSchema.optional(),
  untilMs: epochMsSchema,
  functions: z.array(functionUsageSchema),
  total: z.object(usageFigures),
});
export type UsageReport = z.output<typeof usageReportSchema>;
