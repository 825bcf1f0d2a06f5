import { z } from "zod";
import { epochMsSchema } from "../identifiers.ts";
import { isolationSchema } from "../internal/isolation.ts";
import { workerStatusSchema } from "../internal/worker-status.ts";

/** `GET workers`: those that were heard of in the last seconds. */
export const workerListSchema = z.object({ workers: z.array(workerStatusSchema) });
export type WorkerList = z.output<typeof workerListSchema>;

/** `GET status`. */
export const statusReportSchema = z.object({
  product: z.literal("paddock"),
  version: z.string(),
  region: z.string(),
  accountId: z.string(),
  /** Where clients reach the Lambda API. */
  publicUrl: z.string(),
  startedAtMs: epochMsSchema,
  functions: z.number().int().nonnegative(),
  triggers: z.number().int().nonnegative(),
  workers: z.number().int().nonnegative(),
  /** What functions run in: more than one in a mixed fleet. */
  isolations: z.array(isolationSchema),
  /** Runtime identifiers that at least one worker can run. */
  runtimes: z.array(z.string()),
  environments: z.object({
    starting: z.number().int().nonnegative(),
    busy: z.number().int().nonnegative(),
    idle: z.number().int().nonnegative(),
  }),
  memoryCapacityMb: z.number().int().nonnegative(),
  memoryGrantedMb: z.number().int().nonnegative(),
});
export type StatusReport = z.output<typeof statusReportSchema>;
