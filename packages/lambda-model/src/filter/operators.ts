/**
 * The alternatives in a pattern's array: plain values and operators such as `{"prefix": "x"}`.
 * Each is a test of one scalar. Source: ../shared/spec/lambda-spec.md §6.8.
 */
import { InvalidPattern, isJsonObject, type JsonValue } from "./values.ts";

export interface Alternative {
  /** Test of a scalar that is there. */
  readonly matches: (scalar: string | number | boolean | null) => boolean;
  /** Result for a field that is not there, or that holds an object. */
  readonly whenAbsent: boolean;
}

type ScalarTest = Alternative["matches"];

export function compileAlternative(pattern: JsonValue): Alternative {
  if (Array.isArray(pattern)) throw new InvalidPattern("an array inside an array");
  if (!isJsonObject(pattern)) return present((scalar) => scalar === pattern);
  const entries = Object.entries(pattern);
  const [entry] = entries;
  if (entry === undefined || entries.length !== 1) {
    throw new InvalidPattern("an operator has one key");
  }
  const [operator, operand] = entry;
  if (operator === "exists") return existence(operand);
  return present(compileOperator(operator, operand));
}

function compileOperator(operator: string, operand: JsonValue): ScalarTest {
  switch (operator) {
    case "prefix":
      return affix(operand, (text, part) => text.startsWith(part));
    case "suffix":
      return affix(operand, (text, part) => text.endsWith(part));
    case "equals-ignore-case": {
      const folded = text(operand).toLowerCase();
      return (scalar) => typeof scalar === "string" && scalar.toLowerCase() === folded;
    }
    case "anything-but":
      return anythingBut(operand);
    case "numeric":
      return numeric(operand);
    default:
      throw new InvalidPattern(`no operator ${operator}`);
  }
}

function present(matches: ScalarTest): Alternative {
  return { matches, whenAbsent: false };
}

function existence(operand: JsonValue): Alternative {
  if (typeof operand !== "boolean") throw new InvalidPattern("exists takes true or false");
  return { matches: () => operand, whenAbsent: !operand };
}

function affix(operand: JsonValue, has: (whole: string, part: string) => boolean): ScalarTest {
  if (isJsonObject(operand)) {
    const { "equals-ignore-case": part, ...rest } = operand;
    if (part === undefined || Object.keys(rest).length > 0) throw new InvalidPattern("bad affix");
    const folded = text(part).toLowerCase();
    return (scalar) => typeof scalar === "string" && has(scalar.toLowerCase(), folded);
  }
  const part = text(operand);
  return (scalar) => typeof scalar === "string" && has(scalar, part);
}

/** Anything but these values, or anything but what one of these operators matches. */
function anythingBut(operand: JsonValue): ScalarTest {
  if (isJsonObject(operand)) {
    const entries = Object.entries(operand);
    const [entry] = entries;
    const allowed = ["prefix", "suffix", "equals-ignore-case"];
    if (entry === undefined || entries.length !== 1 || !allowed.includes(entry[0])) {
      throw new InvalidPattern("bad anything-but");
    }
    const [operator, inner] = entry;
    const options: readonly JsonValue[] = Array.isArray(inner) ? inner : [inner];
    if (options.length === 0) throw new InvalidPattern("empty anything-but");
    const tests = options.map((option) => compileOperator(operator, option));
    return (scalar) => !tests.some((test) => test(scalar));
  }
  const excluded: readonly JsonValue[] = Array.isArray(operand) ? operand : [operand];
  const isPlain = (value: JsonValue) => typeof value === "string" || typeof value === "number";
  if (excluded.length === 0 || !excluded.every(isPlain)) {
    throw new InvalidPattern("anything-but takes texts and numbers");
  }
  const set = new Set<JsonValue>(excluded);
  return (scalar) => !set.has(scalar);
}

const comparisons: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  "=": (value, bound) => value === bound,
  "<": (value, bound) => value < bound,
  "<=": (value, bound) => value <= bound,
  ">": (value, bound) => value > bound,
  ">=": (value, bound) => value >= bound,
};

/** One comparison, or a lower bound followed by an upper one. */
function numeric(operand: JsonValue): ScalarTest {
  if (!Array.isArray(operand)) throw new InvalidPattern("numeric takes an array");
  const terms: readonly JsonValue[] = operand;
  if (terms.length !== 2 && terms.length !== 4) throw new InvalidPattern("numeric: 2 or 4 terms");
  const tests = [comparison(terms[0], terms[1])];
  if (terms.length === 4) {
    const isRange = begins(terms[0], ">") && begins(terms[2], "<");
    if (!isRange || Number(terms[1]) >= Number(terms[3])) throw new InvalidPattern("bad range");
    tests.push(comparison(terms[2], terms[3]));
  }
  return (scalar) => typeof scalar === "number" && tests.every((test) => test(scalar));
}

function begins(operator: JsonValue | undefined, sign: string): boolean {
  return typeof operator === "string" && operator.startsWith(sign);
}

function comparison(operator: JsonValue | undefined, bound: JsonValue | undefined) {
  const compare =
    typeof operator === "string" && Object.hasOwn(comparisons, operator)
      ? comparisons[operator]
      : undefined;
  if (compare === undefined || typeof bound !== "number") throw new InvalidPattern("bad numeric");
  return (value: number) => compare(value, bound);
}

function text(operand: JsonValue): string {
  if (typeof operand !== "string") throw new InvalidPattern("the operator takes a text");
  return operand;
}
