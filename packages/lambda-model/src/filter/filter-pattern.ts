/**
 * Lambda's filter patterns: keys are AND-ed, the values in an array OR-ed, `$or` lists whole
 * patterns. A field that holds an array matches when one of its elements does, as EventBridge
 * reads events. Source: ../shared/spec/lambda-spec.md §6.8 and
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
 *
 * Numbers are compared as numbers (300 matches 300.0); AWS compares their text.
 */
import { PaddockError } from "@paddock/contracts";
import { modelLimits } from "../limits.ts";
import { compileAlternative } from "./operators.ts";
import {
  InvalidPattern,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Test,
} from "./values.ts";

/**
 * Compiles a pattern's JSON text to a test of parsed documents.
 *
 * @throws PaddockError InvalidParameterValueException `Invalid filter pattern definition.`
 */
export function compileFilterPattern(text: string): (document: unknown) => boolean {
  try {
    if (text.length > modelLimits.filterPatternChars) throw new InvalidPattern("too long");
    const pattern: unknown = JSON.parse(text);
    if (!isJsonObject(pattern)) throw new InvalidPattern("not an object");
    const test = compileObject(pattern, modelLimits.filterPatternDepth);
    return (document) => isJsonObject(document) && test(document);
  } catch (error) {
    if (!(error instanceof InvalidPattern || error instanceof SyntaxError)) throw error;
    throw new PaddockError("InvalidParameterValueException", "Invalid filter pattern definition.", {
      cause: error,
    });
  }
}

function compileObject(pattern: JsonObject, depthLeft: number): (document: JsonObject) => boolean {
  if (depthLeft === 0) throw new InvalidPattern("too deep");
  const tests = Object.entries(pattern).map(([key, value]) =>
    key === "$or" ? compileOr(value, depthLeft) : compileKey(key, value, depthLeft),
  );
  return (document) => tests.every((test) => test(document));
}

function compileOr(patterns: JsonValue, depthLeft: number): (document: JsonObject) => boolean {
  if (!Array.isArray(patterns)) throw new InvalidPattern("$or takes an array");
  const alternatives: readonly JsonValue[] = patterns;
  if (alternatives.length < 2) throw new InvalidPattern("$or takes two patterns or more");
  const tests = alternatives.map((alternative) => {
    if (!isJsonObject(alternative)) throw new InvalidPattern("$or takes patterns");
    return compileObject(alternative, depthLeft - 1);
  });
  return (document) => tests.some((test) => test(document));
}

function compileKey(
  key: string,
  pattern: JsonValue,
  depthLeft: number,
): (document: JsonObject) => boolean {
  const test = Array.isArray(pattern) ? compileLeaf(pattern) : compileNested(pattern, depthLeft);
  return (document) => test(Object.hasOwn(document, key) ? document[key] : undefined);
}

function compileLeaf(pattern: readonly JsonValue[]): Test {
  if (pattern.length === 0) throw new InvalidPattern("an empty array");
  const alternatives = pattern.map(compileAlternative);
  const whenAbsent = alternatives.some((alternative) => alternative.whenAbsent);
  return (value) => {
    const scalars = scalarsOf(value);
    if (scalars.length === 0) return whenAbsent;
    return scalars.some((scalar) => alternatives.some(({ matches }) => matches(scalar)));
  };
}

function compileNested(pattern: JsonValue, depthLeft: number): Test {
  if (!isJsonObject(pattern)) throw new InvalidPattern("a value outside of an array");
  const test = compileObject(pattern, depthLeft - 1);
  const whenAbsent = test({});
  return (value) => {
    const candidates = Array.isArray(value) ? value : [value];
    const objects = candidates.filter(isJsonObject);
    return objects.length === 0 ? whenAbsent : objects.some(test);
  };
}

/** The scalars that a field holds: itself, or its array's. None for an object: it is no leaf. */
function scalarsOf(value: JsonValue | undefined): (string | number | boolean | null)[] {
  if (value === undefined) return [];
  const candidates: readonly JsonValue[] = Array.isArray(value) ? value : [value];
  return candidates.filter((candidate) => candidate === null || typeof candidate !== "object");
}
