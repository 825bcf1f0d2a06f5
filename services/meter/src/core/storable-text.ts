/**
 * A copy of a value in which every text can be stored by PostgreSQL: its texts hold no U+0000, and
 * a function's error message may. U+FFFD stands in its place.
 */
export function withStorableText<Value>(value: Value): Value {
  // `as`: the result has the shape of the argument, which the reviver does not know.
  return JSON.parse(JSON.stringify(value), (_key, member: unknown) =>
    typeof member === "string" ? member.replaceAll("\u0000", "\ufffd") : member,
  ) as Value;
}
