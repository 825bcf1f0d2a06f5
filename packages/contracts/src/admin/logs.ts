import { z } from "zod";
import { epochMsSchema, functionNameSchema } from "../identifiers.ts";
import { flagSchema, sinceSchema } from "./common.ts";

/** `GET logs?function=&since=&follow=`: NDJSON, one LogLine a line; empty lines keep it open. */
export const logsQuerySchema = z.object({
  function: functionNameSchema,
  /** Without it: the last ten minutes. */
  since: sinceSchema.optional(),
  follow: flagSchema.default(false),
});
export type LogsQuery = z.output<typeof logsQuerySchema>;

export const logLineSchema = z.object({
  timestampMs: epochMsSchema,
  /** Log stream: one per execution environment. */
  stream: z.string(),
  message: z.string(),
});
export type LogLine = z.output<typeof logLineSchema>;
