import { z } from "zod";
import { epochMsSchema, targetSchema, workerIdSchema } from "../identifiers.ts";
import { evictionSchema } from "./cold-start.ts";
import { isolationSchema } from "./isolation.ts";

/** Worker → everybody, once a second: what it has and what it holds. */
export const workerStatusSchema = z.object({
  workerId: workerIdSchema,
  hostName: z.string(),
  pid: z.number().int().positive(),
  isolation: isolationSchema,
  /** Runtime identifiers that this machine can run, such as `nodejs24.x`. */
  runtimes: z.array(z.string()),
  startedAtMs: epochMsSchema,
  sentAtMs: epochMsSchema,
  /** Sum of the functions' memory sizes that it may hold, and what is taken of it. */
  memoryCapacityMb: z.number().int().nonnegative(),
  memoryGrantedMb: z.number().int().nonnegative(),
  /** What all its sandboxes really use now, and may use together. */
  memoryUsedMb: z.number().int().nonnegative(),
  memoryUseLimitMb: z.number().int().nonnegative(),
  /** Runtimes that are booted ahead and belong to no function yet. */
  prebooted: z.number().int().nonnegative(),
  /** True: it finishes what runs and takes nothing new. */
  draining: z.boolean(),
  environments: z.array(
    z.object({
      target: targetSchema,
      starting: z.number().int().nonnegative(),
      busy: z.number().int().nonnegative(),
      idle: z.number().int().nonnegative(),
      /** Of the idle ones, those that get no CPU time. */
      frozen: z.number().int().nonnegative(),
      /** How long the one that was used last is idle, and the one that was used first. */
      newestIdleMs: z.number().nonnegative(),
      oldestIdleMs: z.number().nonnegative(),
      /** Times that one of them began to work, since the worker has had any of the target. */
      uses: z.number().int().nonnegative(),
      /** Most of them that were busy together, since the worker said this last. */
      peakBusy: z.number().int().nonnegative(),
      /** What making one takes, smoothed; 0: none was made yet. */
      startMs: z.number().nonnegative(),
    }),
  ),
  /** Idle environments that were given up since it said this last: why the next one is cold. */
  evictions: z.array(z.object({ target: targetSchema, eviction: evictionSchema })).max(1024),
});
export type WorkerStatus = z.output<typeof workerStatusSchema>;
