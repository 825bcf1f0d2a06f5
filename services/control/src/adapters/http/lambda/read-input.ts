/**
 * A request's parts → the operation's input, with the errors of AWS's front end:
 * SerializationException for what is no JSON or of the wrong type, one ValidationException for all
 * violated constraints.
 */
import { PaddockError } from "@paddock/contracts";
import type { OperationShape } from "@paddock/contracts/aws";
import { type Violation, validationError } from "@paddock/lambda-model";
import type { z } from "zod";

type Issue = z.core.$ZodIssue;

/** A request as it came: labels and query parameters decoded. */
export interface RequestParts {
  readonly labels: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, readonly string[]>>;
  readonly body: Uint8Array;
}

export function readInput(shape: OperationShape, parts: RequestParts): unknown {
  const { input, query = [], queryLists = [] } = shape;
  if (input === undefined) return {};
  const members = Object.keys(input.shape);
  const labels = members.filter((name) => shape.path.includes(`{${name}}`));
  const isBodyRead = members.some((name) => !labels.includes(name) && !query.includes(name));
  return validate(input, {
    ...(isBodyRead ? readBody(parts.body) : {}),
    ...pick(query, (name) =>
      queryLists.includes(name) ? parts.query[name] : parts.query[name]?.[0],
    ),
    ...pick(labels, (name) => parts.labels[name]),
  });
}

/** What is absent stays absent, and nothing else comes from there. */
function pick(names: readonly string[], valueOf: (name: string) => unknown) {
  return Object.fromEntries(names.map((name) => [name, valueOf(name)]));
}

function readBody(body: Uint8Array): object {
  const document = withoutNulls(parseJson(body));
  return typeof document === "object" && document !== null ? document : {};
}

function validate(schema: z.ZodType, input: unknown): unknown {
  const result = schema.safeParse(input, { reportInput: true });
  if (result.success) return result.data;
  const { issues } = result.error;
  const wrongType = issues.find((issue) => isWrongType(issue));
  if (wrongType !== undefined) throw serialization(wrongTypeText(wrongType));
  if (issues.some((issue) => issue.input === undefined)) throw withNulls(issues);
  throw validationError(issues.map(toViolation));
}

function parseJson(body: Uint8Array): unknown {
  if (body.byteLength === 0) return {};
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString());
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw serialization(`Could not parse request body into json: ${why.slice(0, 200)}`);
  }
  if (typeof document === "object" && document !== null && !Array.isArray(document)) {
    return document;
  }
  throw serialization("Could not parse request body into json: it is not a JSON object");
}

/** In AWS's JSON null means absent. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(kept.map(([name, member]) => [name, withoutNulls(member)]));
}

function serialization(message: string): PaddockError {
  return new PaddockError("SerializationException", message);
}

function isWrongType(issue: Issue): boolean {
  return issue.code === "invalid_type" && issue.input !== undefined;
}

/** The words of AWS's JSON reader. */
function wrongTypeText(issue: Issue): string {
  const { input } = issue;
  if (Array.isArray(input)) return "Start of list found where not expected";
  if (typeof input === "object") return "Start of structure or map found where not expected.";
  const expected = issue.code === "invalid_type" ? issue.expected : "";
  const target = { string: "String", number: "Integer", int: "Integer", boolean: "Boolean" };
  const found = Object.entries(target).find(([name]) => name === expected)?.[1];
  if (found === undefined) return "Unexpected field type";
  const kind = typeof input === "boolean" ? String(input).toUpperCase() : typeof input;
  return `${kind.toUpperCase()}_VALUE can not be converted to ${found === "Integer" ? "an" : "a"} ${found}`;
}

function toViolation(issue: Issue): Violation {
  const member = memberOf(issue);
  return { value: shownValue(issue, member), member, constraint: issue.message };
}

/** `functionName`, `ephemeralStorage.size`, `layers.1.member`. */
function memberOf(issue: Issue): string {
  return issue.path
    .map((part) =>
      typeof part === "number"
        ? `${part + 1}.member`
        : String(part).replace(/^[A-Z]/, (letter) => letter.toLowerCase()),
    )
    .join(".");
}

/** Undefined for what AWS's model marks as sensitive. */
function shownValue(issue: Issue, member: string): string | undefined {
  if (member.startsWith("environment.") || member.startsWith("code")) return undefined;
  const { input } = issue;
  if (Array.isArray(input)) return `[${input.join(", ")}]`;
  return typeof input === "object" && input !== null ? shownMap(input) : String(input);
}

/** `{1=0.5, 2=2.0}`: a map of numbers, as Java prints one. */
function shownMap(map: object): string {
  const entries = Object.entries(map).map(([key, value]: [string, unknown]) => {
    const isWhole = typeof value === "number" && Number.isInteger(value);
    return `${key}=${isWhole ? value.toFixed(1) : String(value)}`;
  });
  return `{${entries.join(", ")}}`;
}

/** As lambda-model's validationError, for members that are missing: `Value null at …`. */
function withNulls(issues: readonly Issue[]): PaddockError {
  const texts = issues.map((issue) => {
    const isMissing = issue.input === undefined;
    const { value, member, constraint } = toViolation(issue);
    const shown = isMissing ? "Value null" : value === undefined ? "Value" : `Value '${value}'`;
    const violated = isMissing ? "Member must not be null" : constraint;
    return `${shown} at '${member}' failed to satisfy constraint: ${violated}`;
  });
  const plural = issues.length === 1 ? "error" : "errors";
  return new PaddockError(
    "ValidationException",
    `${issues.length} validation ${plural} detected: ${texts.join("; ")}`,
  );
}
