/**
 * Turns the policy into a classic BPF program, the form that `bwrap --seccomp` takes: an array of
 * struct sock_filter (include/uapi/linux/filter.h) over struct seccomp_data.
 *
 * Rules with conditions come first, in their order; then those without, as ranges of numbers with
 * one outcome. Each is a run of instructions that either returns or falls through to the next, so
 * that every jump is short. The kernel caches which calls are always allowed (since 5.11), so that
 * the length of the program costs the ordinary call nothing.
 */
import type { Action, Condition, Rule } from "./rule.ts";
import { syscallNumbers } from "./syscalls.ts";

export type Architecture = "x64" | "arm64";

interface Instruction {
  readonly code: number;
  readonly whenTrue: number;
  readonly whenFalse: number;
  readonly value: number;
}

const LOAD_WORD = 0x20;
const AND = 0x54;
const JUMP_EQUAL = 0x15;
const JUMP_ABOVE = 0x25;
const JUMP_AT_LEAST = 0x35;
const JUMP_ANY_BIT = 0x45;
const RETURN = 0x06;
const INSTRUCTION_BYTES = 8;
/** BPF_MAXINSNS. */
const INSTRUCTIONS_MAX = 4096;

const NUMBER_OFFSET = 0;
const ARCHITECTURE_OFFSET = 4;
const ARGUMENTS_OFFSET = 16;

const KILL_PROCESS = 0x8000_0000;
/** SECCOMP_RET_ERRNO; the error's number is added. With 0 the call succeeds without being made. */
const FAIL = 0x0005_0000;
const returns: Readonly<Record<Action, number>> = {
  allow: 0x7fff_0000,
  pretend: FAIL,
  EPERM: FAIL | 1,
  ENOSYS: FAIL | 38,
  EPROTONOSUPPORT: FAIL | 93,
};

/** AUDIT_ARCH_*; column of the syscall table. */
const architectures = {
  x64: { audit: 0xc000_003e, column: 0 },
  arm64: { audit: 0xc000_00b7, column: 1 },
} as const;
/** System calls of the x32 ABI carry this bit under the same architecture. */
const X32_BIT = 0x4000_0000;

/** The program's bytes, in the byte order of both architectures (little-endian). */
export function compilePolicy(rules: readonly Rule[], architecture: Architecture): Uint8Array {
  const { column } = architectures[architecture];
  const program = [
    ...checkArchitecture(architecture),
    load(NUMBER_OFFSET),
    ...(architecture === "x64" ? [jump(JUMP_AT_LEAST, X32_BIT, 0, 1), give(KILL_PROCESS)] : []),
    ...rules.flatMap((rule) => compileConditional(rule, column)),
    ...rangesOf(rules, column).flatMap(compileRange),
    give(returns.ENOSYS),
  ];
  if (program.length > INSTRUCTIONS_MAX) {
    throw new RangeError(`seccomp program of ${String(program.length)} instructions is too long`);
  }
  return encode(program);
}

function checkArchitecture(architecture: Architecture): Instruction[] {
  return [
    load(ARCHITECTURE_OFFSET),
    jump(JUMP_EQUAL, architectures[architecture].audit, 1, 0),
    give(KILL_PROCESS),
  ];
}

function compileConditional({ action, syscalls, when }: Rule, column: 0 | 1): Instruction[] {
  if (when === undefined) return [];
  const body = compileBody(when, action);
  return syscalls.flatMap((name) => {
    const number = syscallNumbers[name][column];
    return number === undefined ? [] : [jump(JUMP_EQUAL, number, 0, body.length), ...body];
  });
}

/** Entered with the call's number loaded; when a condition fails, left with it loaded again. */
function compileBody(conditions: readonly Condition[], action: Action): Instruction[] {
  let tail = [give(returns[action]), load(NUMBER_OFFSET)];
  for (const condition of conditions.toReversed()) {
    tail = [...compileCondition(condition, tail.length - 1), ...tail];
  }
  return tail;
}

/** Falls through when the condition holds, otherwise skips `rest` instructions after its own. */
function compileCondition(condition: Condition, rest: number): Instruction[] {
  const half = condition.half === "high" ? 4 : 0;
  const argument = load(ARGUMENTS_OFFSET + condition.argument * 8 + half);
  if ("anyBitOf" in condition) {
    return [argument, jump(JUMP_ANY_BIT, condition.anyBitOf, 0, rest)];
  }
  const mask =
    condition.mask === undefined
      ? []
      : [{ code: AND, whenTrue: 0, whenFalse: 0, value: condition.mask }];
  const isOneOf = "oneOf" in condition;
  const values = isOneOf ? condition.oneOf : condition.noneOf;
  const tests = values.map((value, index) => {
    const after = values.length - 1 - index;
    const isLast = after === 0;
    return isOneOf
      ? jump(JUMP_EQUAL, value, after, isLast ? rest : 0)
      : jump(JUMP_EQUAL, value, after + rest, 0);
  });
  return [argument, ...mask, ...tests];
}

/** Numbers next to each other that end in the same way. */
interface Range {
  readonly first: number;
  readonly last: number;
  readonly action: Action;
}

function rangesOf(rules: readonly Rule[], column: 0 | 1): Range[] {
  const decided = rules
    .filter(({ when }) => when === undefined)
    .flatMap(({ action, syscalls }) =>
      syscalls.flatMap((name) => {
        const number = syscallNumbers[name][column];
        return number === undefined ? [] : [{ first: number, last: number, action }];
      }),
    )
    .toSorted((left, right) => left.first - right.first);
  return decided.reduce<Range[]>((ranges, next) => {
    const before = ranges.at(-1);
    if (before?.action !== next.action || before.last + 1 !== next.first) return [...ranges, next];
    return [...ranges.slice(0, -1), { ...before, last: next.last }];
  }, []);
}

function compileRange({ action, first, last }: Range): Instruction[] {
  if (first === last) return [jump(JUMP_EQUAL, first, 0, 1), give(returns[action])];
  return [jump(JUMP_AT_LEAST, first, 0, 2), jump(JUMP_ABOVE, last, 1, 0), give(returns[action])];
}

function load(offset: number): Instruction {
  return { code: LOAD_WORD, whenTrue: 0, whenFalse: 0, value: offset };
}

function jump(code: number, value: number, whenTrue: number, whenFalse: number): Instruction {
  return { code, whenTrue, whenFalse, value };
}

function give(value: number): Instruction {
  return { code: RETURN, whenTrue: 0, whenFalse: 0, value };
}

function encode(program: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(program.length * INSTRUCTION_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [index, { code, whenTrue, whenFalse, value }] of program.entries()) {
    const offset = index * INSTRUCTION_BYTES;
    view.setUint16(offset, code, true);
    view.setUint8(offset + 2, whenTrue);
    view.setUint8(offset + 3, whenFalse);
    view.setUint32(offset + 4, value >>> 0, true);
  }
  return bytes;
}
