import { z } from "zod";

/**
 * Paddock's own API below `/_paddock/api/` of control, reached through the gateway. Every request
 * carries `Authorization: Bearer <adminToken>`; every answer is JSON, errors are AdminError with a
 * matching status (400 invalid, 401 no or wrong token, 404 unknown, 409 conflict, 500, 503).
 */
export const adminErrorSchema = z.object({
  error: z.object({ code: z.string(), message: z.string() }),
});
export type AdminError = z.output<typeof adminErrorSchema>;

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * A moment in a query: milliseconds since the epoch, an ISO 8601 time, or a span back from now,
 * such as `30s`, `15m`, `24h`, `7d`. Becomes milliseconds since the epoch.
 */
export const sinceSchema = z.string().transform((text, context) => {
  const span = /^(\d{1,9})([smhd])$/.exec(text);
  if (span !== null) return Date.now() - Number(span[1]) * (unitOf(span[2]) ?? 0);
  if (/^\d{1,16}$/.test(text)) return Number(text);
  const moment = Date.parse(text);
  if (Number.isFinite(moment)) return moment;
  context.addIssue({
    code: "custom",
    message: `'${text}' is no time: use a span (15m, 24h, 7d), an ISO 8601 time or milliseconds.`,
  });
  return z.NEVER;
});

function unitOf(letter: string | undefined): number | undefined {
  return Object.entries(unitMs).find(([unit]) => unit === letter)?.[1];
}

/** Spelling of true in a query string: `follow`, `follow=`, `follow=true`, `follow=1`. */
export const flagSchema = z
  .enum(["", "true", "1", "false", "0"])
  .transform((text) => text !== "false" && text !== "0");
