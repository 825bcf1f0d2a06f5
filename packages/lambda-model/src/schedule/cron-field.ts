/**
 * One field of a cron expression as the set of its numbers: `*`, lists, ranges, steps and names.
 * A range may run over the field's end (FRI-MON), as in Quartz, whose syntax AWS took over; years
 * may not. Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
import { invalidExpression } from "./error.ts";

export interface FieldRange {
  readonly min: number;
  readonly max: number;
  /** Names of the numbers from `min` on, in capitals. */
  readonly names?: readonly string[];
  readonly wraps: boolean;
}

const numberPattern = /^\d{1,4}$/;

/** The numbers a field names, ascending. */
export function parseField(text: string, range: FieldRange): readonly number[] {
  const found = new Set<number>();
  for (const item of text.split(",")) addItem(item, range, found);
  return [...found].sort((one, other) => one - other);
}

/** A number or a name of the field. */
export function parseNumber(text: string, { min, max, names }: FieldRange): number {
  const named = names?.indexOf(text.toUpperCase()) ?? -1;
  if (named >= 0) return min + named;
  const value = Number(text);
  if (!numberPattern.test(text) || value < min || value > max) throw invalidExpression();
  return value;
}

function addItem(item: string, range: FieldRange, found: Set<number>): void {
  const [base = "", stepText, ...more] = item.split("/");
  if (more.length > 0) throw invalidExpression();
  const step = stepText === undefined ? 1 : parseStep(stepText, range);
  const [from, to] = parseBase(base, stepText !== undefined, range);
  if (from <= to) {
    for (let value = from; value <= to; value += step) found.add(value);
    return;
  }
  const size = range.max - range.min + 1;
  for (let value = from; value <= to + size; value += step) {
    found.add(value > range.max ? value - size : value);
  }
}

function parseBase(base: string, hasStep: boolean, range: FieldRange): readonly [number, number] {
  if (base === "*") return [range.min, range.max];
  const [fromText = "", toText, ...more] = base.split("-");
  if (more.length > 0) throw invalidExpression();
  const from = parseNumber(fromText, range);
  if (toText === undefined) return [from, hasStep ? range.max : from];
  const to = parseNumber(toText, range);
  if (from > to && !range.wraps) throw invalidExpression();
  return [from, to];
}

function parseStep(text: string, { min, max }: FieldRange): number {
  const step = Number(text);
  if (!numberPattern.test(text) || step < 1 || step > max - min + 1) throw invalidExpression();
  return step;
}
