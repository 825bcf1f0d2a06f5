/** The compiled filter, run by an interpreter of classic BPF that follows the kernel's rules. */
import { describe, expect, it } from "vitest";
import { type Architecture, compilePolicy } from "./compile.ts";
import { policy, type Rule } from "./policy.ts";
import { type SyscallName, syscallNumbers } from "./syscalls.ts";

const ALLOW = 0x7fff_0000;
const KILL_PROCESS = 0x8000_0000;
const EPERM = 0x5_0001;
const ENOSYS = 0x5_0026;
const audit = { x64: 0xc000_003e, arm64: 0xc000_00b7 } as const;

interface Call {
  readonly number: number;
  readonly arguments?: readonly number[];
  readonly architecture?: number;
}

/** The value that the program returns for struct seccomp_data. */
function judge(program: Uint8Array, call: Call): number {
  const data = new DataView(new ArrayBuffer(64));
  data.setInt32(0, call.number, true);
  data.setUint32(4, call.architecture ?? audit.x64, true);
  for (const [index, value] of (call.arguments ?? []).entries()) {
    data.setBigUint64(16 + index * 8, BigInt(value), true);
  }
  const view = new DataView(program.buffer);
  let accumulator = 0;
  for (let at = 0; at < program.length; at += 8) {
    const code = view.getUint16(at, true);
    const value = view.getUint32(at + 4, true);
    const jump = (condition: boolean): number => 8 * view.getUint8(at + (condition ? 2 : 3));
    if (code === 0x20) accumulator = data.getUint32(value, true);
    else if (code === 0x54) accumulator = (accumulator & value) >>> 0;
    else if (code === 0x15) at += jump(accumulator === value);
    else if (code === 0x35) at += jump(accumulator >= value);
    else if (code === 0x45) at += jump((accumulator & value) !== 0);
    else if (code === 0x06) return value;
    else throw new Error(`instruction ${code.toString(16)} is not allowed`);
  }
  throw new Error("the program ran off its end");
}

const numberOf = (name: SyscallName, architecture: Architecture): number =>
  syscallNumbers[name][architecture === "x64" ? 0 : 1] ?? -1;

describe.each(["x64", "arm64"] as const)("the policy compiled for %s", (architecture) => {
  const program = compilePolicy(policy, architecture);
  const own = audit[architecture];
  const verdict = (name: SyscallName, ...values: number[]): number =>
    judge(program, { number: numberOf(name, architecture), arguments: values, architecture: own });

  it("refuses each call of each rule without conditions as the rule says", () => {
    for (const { action, syscalls } of policy.filter(({ when }) => when === undefined)) {
      for (const name of syscalls) {
        if (numberOf(name, architecture) < 0) continue;
        expect([name, verdict(name)]).toEqual([name, action === "EPERM" ? EPERM : ENOSYS]);
      }
    }
  });

  it("allows every number that no rule names", () => {
    const named = new Set(policy.flatMap(({ syscalls }) => syscalls));
    const numbers = new Set([...named].map((name) => numberOf(name, architecture)));
    for (let number = 0; number < 500; number += 1) {
      if (!numbers.has(number)) {
        expect([number, judge(program, { number, architecture: own })]).toEqual([number, ALLOW]);
      }
    }
  });

  it("looks at all conditions of a rule", () => {
    expect(verdict("socket", 16, 3, 0)).toBe(ALLOW);
    expect(verdict("socket", 16, 3, 9)).toBe(EPERM);
    expect(verdict("socket", 2, 3, 6)).toBe(EPERM);
    expect(verdict("socket", 2, 3 | 0x80000, 6)).toBe(EPERM);
    expect(verdict("socket", 2, 1, 6)).toBe(ALLOW);
    expect(verdict("socket", 17, 1, 0)).toBe(EPERM);
    expect(verdict("clone", 0x3d0f00)).toBe(ALLOW);
    expect(verdict("clone", 0x1000_0011)).toBe(EPERM);
    expect(verdict("unshare", 0x80)).toBe(EPERM);
    expect(verdict("personality", 0xffff_ffff)).toBe(ALLOW);
    expect(verdict("ioctl", 0, 0x5412)).toBe(EPERM);
    expect(verdict("ioctl", 0, 0x5401)).toBe(ALLOW);
  });

  it("ends a process that calls in the way of another architecture", () => {
    const other = architecture === "x64" ? audit.arm64 : audit.x64;
    expect(judge(program, { number: 0, architecture: other })).toBe(KILL_PROCESS);
    expect(judge(program, { number: 0, architecture: 0x4000_0003 })).toBe(KILL_PROCESS);
  });
});

describe("compiling", () => {
  it("treats the x32 bit of x86_64 as another architecture", () => {
    const program = compilePolicy(policy, "x64");
    expect(judge(program, { number: 0x4000_0027 })).toBe(KILL_PROCESS);
    expect(judge(program, { number: -1 })).toBe(KILL_PROCESS);
  });

  it("leaves out calls that the architecture never had", () => {
    const rule: Rule = { syscalls: ["iopl"], action: "EPERM", reason: "a test" };
    expect(compilePolicy([rule], "arm64").length).toBeLessThan(compilePolicy([rule], "x64").length);
  });

  it("refuses a program that the kernel would not take", () => {
    const rules = Array.from({ length: 3000 }, () => policy[0]).filter(
      (rule) => rule !== undefined,
    );
    expect(() => compilePolicy(rules, "x64")).toThrow("too long");
  });
});
