import { z } from "zod";

/** Without a member where nothing is reserved. */
export const functionConcurrencySchema = z.object({
  ReservedConcurrentExecutions: z.number().optional(),
});
