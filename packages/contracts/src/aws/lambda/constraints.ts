import { z } from "zod";

/**
 * Members of requests. Each check carries the text that AWS's front end gives for it ("failed to
 * satisfy constraint: …"), so that a violated schema becomes AWS's message without a second table.
 */
export function textMember(bounds: { min?: number; max?: number; pattern?: string }) {
  let schema = z.string();
  if (bounds.min !== undefined && bounds.min > 0) {
    schema = schema.min(
      bounds.min,
      `Member must have length greater than or equal to ${bounds.min}`,
    );
  }
  if (bounds.max !== undefined) {
    schema = schema.max(bounds.max, `Member must have length less than or equal to ${bounds.max}`);
  }
  if (bounds.pattern === undefined) return schema;
  return schema.regex(
    new RegExp(`^(?:${bounds.pattern})$`),
    `Member must satisfy regular expression pattern: ${bounds.pattern}`,
  );
}

export function integerMember(bounds: { min: number; max?: number }) {
  const { min, max = Number.MAX_SAFE_INTEGER } = bounds;
  return z
    .number()
    .min(min, `Member must have value greater than or equal to ${min}`)
    .max(max, `Member must have value less than or equal to ${max}`)
    .transform(Math.trunc);
}

export function enumMember<const Values extends readonly string[]>(values: Values) {
  return z.enum(values, `Member must satisfy enum value set: [${values.join(", ")}]`);
}

/** A list's members are named by the list: `Member must satisfy constraint: […]`. */
export function enumListMember<const Values extends readonly [string, ...string[]]>(
  values: Values,
) {
  const constraint = `Member must satisfy enum value set: [${values.join(", ")}]`;
  return z
    .array(z.string())
    .refine((list) => list.length >= 1, "Member must have length greater than or equal to 1")
    .refine((list) => list.length <= 1, "Member must have length less than or equal to 1")
    .refine(
      (list) => list.every((value) => values.includes(value)),
      `Member must satisfy constraint: [${constraint}]`,
    )
    .pipe(z.array(z.enum(values)));
}

/** A number in a query string, where everything is text. Empty counts as absent. */
export function queryIntegerMember(bounds: { min: number; max: number }) {
  return z.preprocess((text) => {
    if (text === "") return undefined;
    return typeof text === "string" && /^-?\d{1,15}$/.test(text) ? Number(text) : text;
  }, integerMember(bounds).optional());
}

/** A list of any of some values. */
export function enumsMember(values: readonly string[], bounds: { max: number }) {
  const constraint = `Member must satisfy enum value set: [${values.join(", ")}]`;
  return z
    .array(z.string())
    .refine(
      (list) => list.length <= bounds.max,
      `Member must have length less than or equal to ${bounds.max}`,
    )
    .refine(
      (list) => list.every((value) => values.includes(value)),
      `Member must satisfy constraint: [${constraint}]`,
    );
}
