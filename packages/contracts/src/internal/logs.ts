import { z } from "zod";
import { epochMsSchema, functionNameSchema } from "../identifiers.ts";

/** Worker → stream LOGS: log events of one environment, in order. */
export const logBatchSchema = z.object({
  functionName: functionNameSchema,
  group: z.string(),
  stream: z.string(),
  events: z.array(z.object({ timestampMs: epochMsSchema, message: z.string() })).max(10_000),
});
export type LogBatch = z.output<typeof logBatchSchema>;
