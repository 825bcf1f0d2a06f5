import { type PolicyDocument, statementsOf } from "./function-policy.ts";

/**
 * Whether a resource policy lets anybody call a function URL with auth type NONE. AWS wants two
 * grants for URLs made since October 2025: to invoke the URL, and to invoke the function through it.
 *
 * What is not understood never opens anything: an Allow with it does not count, a Deny does.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
 */
const grants = [
  { action: "lambda:invokefunctionurl", key: "lambda:functionurlauthtype", value: "none" },
  { action: "lambda:invokefunction", key: "lambda:invokedviafunctionurl", value: "true" },
] as const;

type Grant = (typeof grants)[number];

export function isOpenToAll(policy: PolicyDocument | undefined, functionArn: string): boolean {
  const statements = statementsOf(policy).filter(isRecord);
  return grants.every((grant) => {
    const applies = (effect: string): boolean =>
      statements.some(
        (statement) =>
          statement["Effect"] === effect &&
          appliesTo(statement, grant, { functionArn, unknown: effect === "Deny" }),
      );
    return applies("Allow") && !applies("Deny");
  });
}

function appliesTo(
  statement: Record<string, unknown>,
  grant: Grant,
  about: { readonly functionArn: string; readonly unknown: boolean },
): boolean {
  const { functionArn, unknown } = about;
  const named = (name: string, wanted: string): boolean =>
    Object.hasOwn(statement, name)
      ? textsOf(statement[name]).some((pattern) => isLike(wanted, pattern))
      : unknown || name === "Resource";
  return (
    isForAll(statement, unknown) &&
    named("Action", grant.action) &&
    named("Resource", functionArn) &&
    isMet(statement["Condition"], grant, unknown)
  );
}

/** `*`, alone or as an account; a Deny for anybody at all closes as well. */
function isForAll(statement: Record<string, unknown>, unknown: boolean): boolean {
  if (!Object.hasOwn(statement, "Principal")) return unknown;
  const principal = statement["Principal"];
  const accounts = isRecord(principal) ? textsOf(principal["AWS"]) : textsOf(principal);
  return accounts.includes("*");
}

function isMet(condition: unknown, grant: Grant, unknown: boolean): boolean {
  if (condition === undefined) return true;
  if (!isRecord(condition)) return unknown;
  return Object.entries(condition).every(([operator, keys]) => {
    if (!isRecord(keys) || !/^(StringEquals|StringLike|Bool)$/i.test(operator)) return unknown;
    return Object.entries(keys).every(([key, values]) =>
      key.toLowerCase() === grant.key
        ? textsOf(values).some((pattern) => isLike(grant.value, pattern))
        : unknown,
    );
  });
}

function textsOf(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((each) => typeof each === "string");
}

/** `*` stands for any text, `?` for a character; case does not count. */
function isLike(text: string, pattern: string): boolean {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  const source = escaped.replaceAll("*", ".*").replaceAll("?", ".");
  return new RegExp(`^${source}$`, "is").test(text);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
