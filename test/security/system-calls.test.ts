/**
 * Scenario: a function asks the kernel directly for what containers were escaped through. Each call
 * is made with arguments that would work, or fail otherwise, for a user who may make it: EPERM is
 * the filter's answer (ENOSYS where the C library is to fall back), not that of a wrong argument.
 */
import { startPaddock, type TestPaddock } from "@paddock/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPrison, type Prison } from "./support/prisoner.ts";
import { numberOf, type SystemCall } from "./support/system-calls.ts";

type Argument = number | string | { readonly buffer: number } | { readonly bytes: number[] };

const CLONE_NEWNS = 0x2_0000;
const CLONE_NEWUSER = 0x1000_0000;
const CLONE_NEWNET = 0x4000_0000;
const SIGCHLD = 17;
const AF = { inet: 2, inet6: 10, netlink: 16, packet: 17, alg: 38, vsock: 40 };
const SOCK = { stream: 1, datagram: 2, raw: 3, packet: 10 };
const IPPROTO_ICMP = 1;
const NETLINK = { route: 0, netfilter: 12 };
const PTRACE = { traceMe: 0, attach: 16 };
const ADDR_NO_RANDOMIZE = 0x4_0000;
const PERF_SOFTWARE_EVENT = [1, 0, 0, 0, 112, 0, 0, 0];
const TIOCSTI = 0x5412;
const AT_FDCWD = -100;
const MS_BIND = 4096;
const KEY_SPEC_SESSION = -3;
const SYSLOG_SIZE = 10;
const JOIN_SESSION = 1;
const MAP_CREATE = 0;
const BPF_ATTRIBUTES_BYTES = 64;

const refused: readonly (readonly [what: string, call: SystemCall, args: readonly Argument[]])[] = [
  ["mount a file system in memory", "mount", ["none", "/tmp", "tmpfs", 0, 0]],
  ["bind a directory over another", "mount", ["/usr", "/tmp", 0, MS_BIND, 0]],
  ["unmount its code", "umount2", ["/var/task", 0]],
  ["open a file system", "fsopen", ["tmpfs", 0]],
  ["copy a mount", "open_tree", [AT_FDCWD, "/", 1]],
  ["change its root", "chroot", ["/tmp"]],
  ["swap its root", "pivot_root", ["/tmp", "/tmp"]],
  ["make a user namespace", "unshare", [CLONE_NEWUSER]],
  ["make a mount namespace", "unshare", [CLONE_NEWNS]],
  ["make a network namespace", "unshare", [CLONE_NEWNET]],
  ["fork into a user namespace", "clone", [CLONE_NEWUSER + SIGCHLD, 0, 0, 0, 0]],
  ["enter a namespace", "setns", [0, 0]],
  ["join a key ring", "keyctl", [JOIN_SESSION, 0, 0, 0, 0]],
  ["add a key", "add_key", ["user", "name", "x", 1, KEY_SPEC_SESSION]],
  ["ask for a key", "request_key", ["user", "name", 0, KEY_SPEC_SESSION]],
  ["load a BPF map", "bpf", [MAP_CREATE, { buffer: BPF_ATTRIBUTES_BYTES }, BPF_ATTRIBUTES_BYTES]],
  [
    "count its own events",
    "perf_event_open",
    [{ bytes: [...PERF_SOFTWARE_EVENT, ...Array<number>(104).fill(0)] }, 0, -1, -1, 0],
  ],
  ["handle page faults", "userfaultfd", [1]],
  ["set up io_uring", "io_uring_setup", [4, { buffer: 120 }]],
  ["be traced", "ptrace", [PTRACE.traceMe, 0, 0, 0]],
  ["trace process 1", "ptrace", [PTRACE.attach, 1, 0, 0]],
  ["read another process's memory", "process_vm_readv", [1, 0, 0, 0, 0, 0]],
  ["open a file by number", "open_by_handle_at", [AT_FDCWD, { buffer: 128 }, 0]],
  ["switch off address randomisation", "personality", [ADDR_NO_RANDOMIZE]],
  ["load a kernel", "kexec_load", [0, 0, 0, 0]],
  ["load a kernel module", "finit_module", [0, "", 0]],
  ["restart the machine", "reboot", [0, 0, 0, 0]],
  ["add swap", "swapon", ["/tmp/swap", 0]],
  ["read the kernel's log", "syslog", [SYSLOG_SIZE, 0, 0]],
  ["rename the machine", "sethostname", ["other", 5]],
  ["type into a terminal", "ioctl", [0, TIOCSTI, { buffer: 1 }]],
  ["open a raw IPv4 socket", "socket", [AF.inet, SOCK.raw, IPPROTO_ICMP]],
  ["open a raw IPv6 socket", "socket", [AF.inet6, SOCK.raw, IPPROTO_ICMP]],
  ["open a packet socket", "socket", [AF.packet, SOCK.raw, 0]],
  ["open an old packet socket", "socket", [AF.inet, SOCK.packet, 0]],
  ["talk to the firewall", "socket", [AF.netlink, SOCK.raw, NETLINK.netfilter]],
  ["use the kernel's cryptography", "socket", [AF.alg, SOCK.stream, 0]],
  ["talk to the hypervisor", "socket", [AF.vsock, SOCK.stream, 0]],
];

const allowed: typeof refused = [
  ["open a TCP socket", "socket", [AF.inet, SOCK.stream, 0]],
  ["open a UDP socket", "socket", [AF.inet6, SOCK.datagram, 0]],
  ["list its addresses", "socket", [AF.netlink, SOCK.raw, NETLINK.route]],
  ["ask for its personality", "personality", [0xffff_ffff]],
];

/** Runs `int 0x80` with the number of getpid of 32-bit x86: the way past a filter of 64-bit calls. */
const compatibility = `
import ctypes, mmap
def handler(event, context):
    if event.get("quiet"):
        return "alive"
    if event["abi"] == "x32":
        return ctypes.CDLL(None).syscall(ctypes.c_long(0x40000000 + 39))
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(b"\\xb8\\x14\\x00\\x00\\x00\\xcd\\x80\\xc3")
    return ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
`;

let paddock: TestPaddock;
let prison: Prison;

beforeAll(async () => {
  paddock = await startPaddock();
  prison = await openPrison(paddock);
  await prison.admit("caller");
});

afterAll(() => paddock.stop());

const make = (calls: typeof refused) =>
  prison.attempt(
    "caller",
    calls.map(([, call, args]) => ({ do: "syscall", number: numberOf(call), args })),
  );

describe("a function that calls the kernel", () => {
  it("may not do what leads out of a sandbox", async () => {
    const outcomes = await make(refused);
    const said = outcomes.map((outcome, index) => [refused[index]?.[0], outcome]);
    expect(said).toEqual(refused.map(([what]) => [what, { errno: "EPERM" }]));
  });

  it("may do what ordinary programs need", async () => {
    const outcomes = await make(allowed);
    const said = outcomes.map(({ errno }, index) => [allowed[index]?.[0], errno]);
    expect(said).toEqual(allowed.map(([what]) => [what, undefined]));
  });

  it("is told that clone3 does not exist, so that its flags can be seen in clone", async () => {
    expect(await make([["", "clone3", [{ buffer: 88 }, 88]]])).toEqual([{ errno: "ENOSYS" }]);
  });

  // Both are ABIs of x86 alone.
  it.skipIf(process.arch !== "x64").each(["x32", "i386"])(
    "is ended when it goes round the filter by the ABI of %s, and is served again afterwards",
    async (abi) => {
      const name = `round-${abi}`;
      await prison.admit(name, { "probe.py": compatibility });
      const { error, text } = await prison.invoke(name, { abi });
      expect(error).toBe("Unhandled");
      expect(JSON.parse(text)).toMatchObject({ errorType: "Runtime.ExitError" });
      expect(await prison.invoke(name, { quiet: true })).toEqual({
        error: undefined,
        text: '"alive"',
      });
    },
  );
});
