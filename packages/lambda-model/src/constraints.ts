import { PaddockError } from "@paddock/contracts";

/** One violated constraint of a member, in the words of the AWS front end. */
export interface Violation {
  /** The value as text; undefined for a value that is absent or sensitive. */
  readonly value: string | undefined;
  /** Lower camel case, as AWS names members in these texts. */
  readonly member: string;
  /** What follows `failed to satisfy constraint: `. */
  readonly constraint: string;
}

/**
 * `<n> validation error(s) detected: Value '…' at '…' failed to satisfy constraint: …; Value …`
 * Source: ../shared/spec/lambda-spec.md §1.7.
 */
export function validationError(violations: readonly Violation[]): PaddockError {
  const plural = violations.length === 1 ? "error" : "errors";
  const texts = violations.map(({ value, member, constraint }) => {
    const shown = value === undefined ? "Value" : `Value '${value}'`;
    return `${shown} at '${member}' failed to satisfy constraint: ${constraint}`;
  });
  return new PaddockError(
    "ValidationException",
    `${violations.length} validation ${plural} detected: ${texts.join("; ")}`,
  );
}

export const constraintTexts = {
  pattern: (pattern: string) => `Member must satisfy regular expression pattern: ${pattern}`,
  maxLength: (chars: number) => `Member must have length less than or equal to ${chars}`,
  minLength: (chars: number) => `Member must have length greater than or equal to ${chars}`,
} as const;
