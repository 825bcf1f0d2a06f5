import { z } from "zod";
import { epochMsSchema, functionNameSchema } from "../identifiers.ts";
import { attemptOutcomeSchema } from "./attempt-outcome.ts";

/** One idle environment that was given up while its target was the current one. */
export const evictionSchema = z.object({
  atMs: epochMsSchema,
  /** How long it had been idle. */
  idleMs: z.number().nonnegative(),
  /**
   * idle: nobody needed it for as long as it is kept · room: another environment was to have its place ·
   * limit: a limit on concurrency was lowered · memory: the machine ran short of it · worker-gone: its
   * worker ended or fell silent.
   */
  cause: z.enum(["idle", "room", "limit", "memory", "worker-gone"]),
  /** With `room`: the function that got the place. */
  forFunction: functionNameSchema.optional(),
});
export type Eviction = z.output<typeof evictionSchema>;

/**
 * Why an invocation had no environment that was ready: the router says it of a new environment, the
 * worker of one whose process had to be started again. What is not known is absent.
 */
export const coldStartReasonSchema = z.object({
  kind: z.enum([
    "first-request",
    "scale-up",
    "evicted",
    "new-configuration",
    "reset",
    /** Made before it was asked for; a cold start only for whoever came while it was being made. */
    "pre-warmed",
  ]),
  /** scale-up: environments of the target that there were already. */
  environmentsBefore: z.number().int().positive().optional(),
  /** evicted: the last one of the target. */
  eviction: evictionSchema.optional(),
  /** new-configuration: whether the code is another one too. */
  changed: z.enum(["code", "configuration"]).optional(),
  /** reset: how the attempt ended that took the process with it; absent: it ended between two. */
  after: attemptOutcomeSchema.optional(),
});
export type ColdStartReason = z.output<typeof coldStartReasonSchema>;

const phaseMs = z.number().nonnegative();

/** Where the time went, in the order in which it passed; only `initMs` is the function's own. */
export const coldStartPhasesSchema = z.object({
  /** Code and layers, unpacked, and a process: one that was booted ahead, or a turn to boot. */
  acquireMs: phaseMs,
  /** Sandbox and interpreter; absent where a process was ready. */
  bootMs: phaseMs.optional(),
  /** Limits, /tmp and code for a process that was booted ahead; absent where it saw them from the start. */
  bindMs: phaseMs.optional(),
  /** The function's code outside of its handler. */
  initMs: phaseMs,
});
export type ColdStartPhases = z.output<typeof coldStartPhasesSchema>;

/** On the usage record of the attempt that waited for it. */
export const coldStartSchema = coldStartReasonSchema.extend({
  /** Absent on records from before phases were measured. */
  phases: coldStartPhasesSchema.optional(),
});
export type ColdStart = z.output<typeof coldStartSchema>;
