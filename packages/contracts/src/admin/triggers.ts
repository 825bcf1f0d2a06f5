import { z } from "zod";
import { functionNameSchema } from "../identifiers.ts";
import { triggerSchema } from "../internal/trigger.ts";

const newTriggerCommon = {
  functionName: functionNameSchema,
  qualifier: z.string().max(128).optional(),
  enabled: z.boolean().default(true),
};

/** Body of `POST triggers` → 201 with the Trigger. */
export const newTriggerSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    ...newTriggerCommon,
    kind: z.literal("nats"),
    /** `events.<source>.<type…>`, `*` and `>` allowed below `events.`. */
    subject: z.string().min(1).max(256),
    filterPattern: z.string().max(4096).optional(),
  }),
  z.strictObject({
    ...newTriggerCommon,
    kind: z.literal("schedule"),
    expression: z.string().min(1).max(256),
    timeZone: z.string().min(1).max(64).default("UTC"),
    /** JSON text. */
    input: z.string().max(8192).optional(),
  }),
]);
export type NewTrigger = z.input<typeof newTriggerSchema>;
/** The same, with its defaults filled in. */
export type AskedTrigger = z.output<typeof newTriggerSchema>;

/** `GET triggers?function=`. */
export const triggersQuerySchema = z.object({ function: functionNameSchema.optional() });
export const triggerListSchema = z.object({ triggers: z.array(triggerSchema) });
export type TriggerList = z.output<typeof triggerListSchema>;
/** `DELETE triggers/:triggerId` → 200 with the Trigger that was removed. */
