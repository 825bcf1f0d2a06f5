import { z } from "zod";
import { requestIdSchema } from "../identifiers.ts";

/**
 * Worker or router → gateways, once a second while it has any: synchronous invocations that are in
 * its hands. One that nobody names any more was lost with its holder.
 */
export const heldInvocationsSchema = z.object({
  requestIds: z.array(requestIdSchema).max(4096),
});
export type HeldInvocations = z.output<typeof heldInvocationsSchema>;
