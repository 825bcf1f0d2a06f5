import { z } from "zod";
import { functionNameSchema } from "../identifiers.ts";

/**
 * A trigger that Paddock itself serves. Control writes it to the KV bucket `triggers` under its id;
 * streams (kind `nats`) and scheduler (kind `schedule`) watch the bucket.
 */
const triggerCommon = {
  triggerId: z.string().regex(/^[0-9a-f-]{36}$/),
  functionName: functionNameSchema,
  qualifier: z.string().optional(),
  enabled: z.boolean(),
  createdAtMs: z.number(),
};

export const natsTriggerSchema = z.object({
  ...triggerCommon,
  kind: z.literal("nats"),
  /** Subject pattern below `events.`, with the NATS wildcards `*` and `>`. */
  subject: z.string(),
  /** Lambda filter pattern, as JSON text, applied to the event document. */
  filterPattern: z.string().max(4096).optional(),
});
export type NatsTrigger = z.output<typeof natsTriggerSchema>;

export const scheduleTriggerSchema = z.object({
  ...triggerCommon,
  kind: z.literal("schedule"),
  /** `rate(…)`, `cron(…)` or `at(…)`. */
  expression: z.string(),
  /** IANA name; `UTC` where none was given. */
  timeZone: z.string(),
  /** Constant JSON text that replaces the Scheduled Event document. */
  input: z.string().optional(),
});
export type ScheduleTrigger = z.output<typeof scheduleTriggerSchema>;

export const triggerSchema = z.discriminatedUnion("kind", [
  natsTriggerSchema,
  scheduleTriggerSchema,
]);
export type Trigger = z.output<typeof triggerSchema>;

/**
 * KV bucket `firings`, key = trigger id: the last due time of a schedule whose invocation was
 * accepted. A scheduler that starts again begins after it, whatever NATS still knows of message ids.
 */
export const scheduleFiringSchema = z.object({ dueMs: z.number().nonnegative() });
export type ScheduleFiring = z.output<typeof scheduleFiringSchema>;

/** The subject under which an event was published: `path` is what follows `events.`. */
export function eventSubject(path: string): string {
  return `events.${path}`;
}
