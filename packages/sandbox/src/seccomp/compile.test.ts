/** The compiled filter, run by an interpreter of classic BPF that follows the kernel's rules. */
import { describe, expect, it } from "vitest";
import { type Architecture, compilePolicy } from "./compile.ts";
import { policy } from "./policy.ts";
import type { Action, Rule } from "./rule.ts";
import { type SyscallName, syscallNumbers } from "./syscalls.ts";

const KILL_PROCESS = 0x8000_0000;
const verdicts: Readonly<Record<Action, number>> = {
  allow: 0x7fff_0000,
  pretend: 0x5_0000,
  EPERM: 0x5_0001,
  ENOSYS: 0x5_0026,
  EPROTONOSUPPORT: 0x5_005d,
};
const audit = { x64: 0xc000_003e, arm64: 0xc000_00b7 } as const;
const LAST_OF_LINUX_6_18 = 469;

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
    else if (code === 0x25) at += jump(accumulator > value);
    else if (code === 0x35) at += jump(accumulator >= value);
    else if (code === 0x45) at += jump((accumulator & value) !== 0);
    else if (code === 0x06) return value;
    else throw new Error(`instruction ${code.toString(16)} is not allowed`);
  }
  throw new Error("the program ran off its end");
}

const names = Object.keys(syscallNumbers) as SyscallName[]; // Object.keys forgets the type.

const numberOf = (name: SyscallName, architecture: Architecture): number | undefined =>
  syscallNumbers[name][architecture === "x64" ? 0 : 1];

describe("the policy", () => {
  it("decides about every call of Linux 6.18, once without conditions, and last", () => {
    const decided = policy
      .filter(({ when }) => when === undefined)
      .flatMap((rule) => rule.syscalls);
    expect([...decided].sort()).toEqual([...names].sort());
    const conditional = policy.findLastIndex(({ when }) => when !== undefined);
    const tooEarly = policy.slice(0, conditional).filter(({ when }) => when === undefined);
    const later = policy.slice(conditional).flatMap((rule) => rule.syscalls);
    for (const name of tooEarly.flatMap((rule) => rule.syscalls)) expect(later).not.toContain(name);
  });

  it("has a reason for each rule", () => {
    for (const { reason } of policy) expect(reason.length).toBeGreaterThan(2);
  });

  it("knows every number: none is left out by mistake", () => {
    const numbersOf = (column: 0 | 1) => new Set(names.map((name) => syscallNumbers[name][column]));
    const span = (first: number, last: number): number[] =>
      Array.from({ length: last - first + 1 }, (_, index) => first + index);
    const missing = (column: 0 | 1, numbers: number[]): number[] => {
      const known: ReadonlySet<number | undefined> = numbersOf(column);
      return numbers.filter((number) => !known.has(number));
    };
    // 337 to 423 were left free so that later calls have one number everywhere; 244 to 259 are
    // for architectures' own calls, of which 64-bit Arm has none.
    expect(missing(0, [...span(0, 336), ...span(424, LAST_OF_LINUX_6_18)])).toEqual([]);
    const arm = [...span(0, 243), ...span(260, 294), ...span(424, LAST_OF_LINUX_6_18)];
    expect(missing(1, arm)).toEqual([]);
  });
});

describe.each(["x64", "arm64"] as const)("the policy compiled for %s", (architecture) => {
  const program = compilePolicy(policy, architecture);
  const own = audit[architecture];
  const verdict = (name: SyscallName, ...values: number[]): Action | undefined => {
    const number = numberOf(name, architecture) ?? -1;
    const said = judge(program, { number, arguments: values, architecture: own });
    return (Object.keys(verdicts) as Action[]).find((action) => verdicts[action] === said);
  };

  it("does with each call what its rule says", () => {
    const conditional = new Set(
      policy.filter(({ when }) => when !== undefined).flatMap(({ syscalls }) => syscalls),
    );
    for (const { action, syscalls, when } of policy) {
      for (const name of syscalls) {
        if (when !== undefined || numberOf(name, architecture) === undefined) continue;
        if (conditional.has(name)) continue;
        expect([name, verdict(name)]).toEqual([name, action]);
      }
    }
  });

  it("knows no call that no rule names", () => {
    const numbers = new Set(names.map((name) => numberOf(name, architecture)));
    for (let number = 0; number < 1000; number += 1) {
      if (!numbers.has(number)) {
        const said = judge(program, { number, architecture: own });
        expect([number, said]).toEqual([number, verdicts.ENOSYS]);
      }
    }
  });

  it("lets sockets be made by family, type and protocol", () => {
    const [UNIX, INET, INET6, NETLINK, PACKET, TIPC, ALG, VSOCK] = [1, 2, 10, 16, 17, 30, 38, 40];
    const [STREAM, DGRAM, RAW, SEQPACKET, CLOEXEC] = [1, 2, 3, 5, 0x80000];
    const [ICMP, TCP, UDP, SCTP, SMC, MPTCP] = [1, 6, 17, 132, 256, 262];
    for (const [family, type, protocol] of [
      [UNIX, STREAM, 0],
      [UNIX, SEQPACKET | CLOEXEC, 0],
      [INET, STREAM, 0],
      [INET6, STREAM | CLOEXEC, TCP],
      [INET, DGRAM, UDP],
      [INET6, DGRAM, 0],
      [NETLINK, RAW | CLOEXEC, 0],
    ] as const) {
      expect([family, type, protocol, verdict("socket", family, type, protocol)]).toEqual([
        family,
        type,
        protocol,
        "allow",
      ]);
    }
    for (const [family, type, protocol] of [
      [INET, STREAM, SCTP],
      [INET, STREAM, MPTCP],
      [INET6, STREAM, SMC],
      [INET, DGRAM, ICMP],
      [INET, DGRAM, TCP],
    ] as const) {
      expect(verdict("socket", family, type, protocol)).toBe("EPROTONOSUPPORT");
    }
    for (const [family, type, protocol] of [
      [INET, RAW, ICMP],
      [INET6, RAW | CLOEXEC, 58],
      [INET, SEQPACKET, SCTP],
      [INET, 10, 0],
      [NETLINK, RAW, 12],
      [NETLINK, DGRAM, 9],
      [PACKET, DGRAM, 0],
      [TIPC, SEQPACKET, 0],
      [ALG, SEQPACKET, 0],
      [VSOCK, STREAM, 0],
    ] as const) {
      expect(verdict("socket", family, type, protocol)).toBe("EPERM");
    }
    expect(verdict("socketpair", UNIX, STREAM, 0)).toBe("allow");
    expect(verdict("socketpair", TIPC, STREAM, 0)).toBe("EPERM");
  });

  it("looks at the flags of what makes processes and namespaces", () => {
    expect(verdict("clone", 0x3d0f00)).toBe("allow");
    expect(verdict("clone", 0x11)).toBe("allow");
    for (const bit of [17, 25, 26, 27, 28, 29, 30]) {
      expect(verdict("clone", 2 ** bit + 0x11)).toBe("EPERM");
      expect(verdict("unshare", 2 ** bit)).toBe("EPERM");
    }
    expect(verdict("unshare", 0x80)).toBe("EPERM");
    expect(verdict("unshare", 0x400)).toBe("allow");
    expect(verdict("clone3", 0, 88)).toBe("ENOSYS");
  });

  it("looks at the other arguments that matter", () => {
    expect(verdict("personality", 0xffff_ffff)).toBe("allow");
    expect(verdict("personality", 0)).toBe("allow");
    expect(verdict("personality", 0x4_0000)).toBe("EPERM");
    expect(verdict("ioctl", 0, 0x5401)).toBe("allow");
    for (const request of [0x5412, 0x541c, 0x541d, 0x5423, 0x401c_5820]) {
      expect(verdict("ioctl", 0, request)).toBe("EPERM");
      // The kernel looks at the low half only.
      expect(verdict("ioctl", 0, 2 ** 32 + request)).toBe("EPERM");
    }
    expect(verdict("mknodat", 0, 0, 0o010_644)).toBe("allow");
    expect(verdict("mknodat", 0, 0, 0o020_644)).toBe("EPERM");
    expect(verdict("mknodat", 0, 0, 0o060_644)).toBe("EPERM");
    expect(verdict("prlimit64", 0, 4, 0, 0x7fff_0000_1000)).toBe("allow");
    expect(verdict("prlimit64", 0, 4, 0x7fff_0000_1000, 0)).toBe("pretend");
    expect(verdict("prlimit64", 0, 4, 0x7fff_0000_0000, 0)).toBe("pretend");
    expect(verdict("prlimit64", 0, 7, 0x7fff_0000_1000, 0)).toBe("allow");
    expect(verdict("setsockopt", 3, 6, 1)).toBe("allow");
    expect(verdict("setsockopt", 3, 6, 31)).toBe("EPERM");
    expect(verdict("setsockopt", 3, 1, 31)).toBe("allow");
    expect(verdict("sendmsg", 3, 0, 0x4000)).toBe("allow");
    expect(verdict("sendmsg", 3, 0, 0x4001)).toBe("EPERM");
    expect(verdict("sendto", 3, 1, 1, 0x4000)).toBe("allow");
    expect(verdict("sendto", 3, 0, 0, 1)).toBe("EPERM");
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

  it("takes the first rule whose conditions hold", () => {
    const rules: Rule[] = [
      { syscalls: ["dup"], when: [{ argument: 0, oneOf: [1, 2] }], action: "pretend", reason: "" },
      { syscalls: ["dup"], when: [{ argument: 0, noneOf: [3, 4] }], action: "EPERM", reason: "" },
      { syscalls: ["dup"], action: "allow", reason: "" },
    ];
    const program = compilePolicy(rules, "x64");
    const [number] = syscallNumbers.dup;
    const said = [1, 2, 5, 3, 4].map((value) => judge(program, { number, arguments: [value] }));
    const { EPERM, allow, pretend } = verdicts;
    expect(said).toEqual([pretend, pretend, EPERM, allow, allow]);
  });

  it("refuses a program that the kernel would not take", () => {
    const rules = Array.from({ length: 3000 }, () => policy[0]).filter(
      (rule) => rule !== undefined,
    );
    expect(() => compilePolicy(rules, "x64")).toThrow("too long");
  });
});
