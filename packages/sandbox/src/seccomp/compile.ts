/**
 * Turns the policy into a classic BPF program, the form that `bwrap --seccomp` takes: an array of
 * struct sock_filter (include/uapi/linux/filter.h) over struct seccomp_data.
 *
 * Each rule is a run of instructions that either returns or falls through to the next, so that
 * every jump is short. The kernel caches which calls are always allowed (since 5.11), so that the
 * length of the program costs the ordinary call nothing.
 */
import type { Condition, Refusal, Rule } from "./policy.ts";
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
const JUMP_AT_LEAST = 0x35;
const JUMP_ANY_BIT = 0x45;
const RETURN = 0x06;
const INSTRUCTION_BYTES = 8;
/** BPF_MAXINSNS. */
const INSTRUCTIONS_MAX = 4096;

const NUMBER_OFFSET = 0;
const ARCHITECTURE_OFFSET = 4;
const ARGUMENTS_OFFSET = 16;

const ALLOW = 0x7fff_0000;
const KILL_PROCESS = 0x8000_0000;
const REFUSE = 0x0005_0000;
const errnos: Record<Refusal, number> = { EPERM: 1, ENOSYS: 38 };

/** AUDIT_ARCH_*; column of the syscall table. */
const architectures = {
  x64: { audit: 0xc000_003e, column: 0 },
  arm64: { audit: 0xc000_00b7, column: 1 },
} as const;
/** System calls of the x32 ABI carry this bit under the same architecture. */
const X32_BIT = 0x4000_0000;

/** The program's bytes, in the byte order of both architectures (little-endian). */
export function compilePolicy(rules: readonly Rule[], architecture: Architecture): Uint8Array {
  const program = [
    ...checkArchitecture(architecture),
    load(NUMBER_OFFSET),
    ...(architecture === "x64" ? [jump(JUMP_AT_LEAST, X32_BIT, 0, 1), give(KILL_PROCESS)] : []),
    ...rules.flatMap((rule) => compileRule(rule, architectures[architecture].column)),
    give(ALLOW),
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

function compileRule(rule: Rule, column: 0 | 1): Instruction[] {
  return rule.syscalls.flatMap((name) => {
    const number = syscallNumbers[name][column];
    if (number === undefined) {
      return [];
    }
    const body = compileBody(rule);
    return [jump(JUMP_EQUAL, number, 0, body.length), ...body];
  });
}

/** Entered with the call's number loaded; when a condition fails, left with it loaded again. */
function compileBody(rule: Rule): Instruction[] {
  const refuse = give(REFUSE | errnos[rule.action]);
  if (rule.when === undefined) {
    return [refuse];
  }
  let tail = [refuse, load(NUMBER_OFFSET)];
  for (const condition of rule.when.toReversed()) {
    tail = [...compileCondition(condition, tail.length - 1), ...tail];
  }
  return tail;
}

/** Falls through when the condition holds, otherwise skips `rest` instructions after its own. */
function compileCondition(condition: Condition, rest: number): Instruction[] {
  const argument = load(ARGUMENTS_OFFSET + condition.argument * 8);
  if ("anyBitOf" in condition) {
    return [argument, jump(JUMP_ANY_BIT, condition.anyBitOf, 0, rest)];
  }
  const mask =
    condition.mask === undefined
      ? []
      : [{ code: AND, whenTrue: 0, whenFalse: 0, value: condition.mask }];
  if ("equals" in condition) {
    return [argument, ...mask, jump(JUMP_EQUAL, condition.equals, 0, rest)];
  }
  const last = condition.noneOf.length - 1;
  const tests = condition.noneOf.map((value, index) =>
    jump(JUMP_EQUAL, value, last - index + rest, 0),
  );
  return [argument, ...mask, ...tests];
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
