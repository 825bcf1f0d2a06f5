import { z } from "zod";

/** What a service tells the process that started it, over the IPC channel. */
export const serviceMessageSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("ready"),
    /** What is in force on this machine, in words for whoever started it. */
    notes: z.array(z.string().max(400)).max(20).optional(),
  }),
  z.object({ kind: z.literal("failed"), message: z.string() }),
]);
export type ServiceMessage = z.output<typeof serviceMessageSchema>;

/** An error's own words, and those of what caused it. */
export function failureMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : ` (${failureMessage(error.cause)})`;
  return `${error.message}${cause}`;
}
