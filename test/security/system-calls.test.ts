/**
 * Scenario: a function asks the kernel directly for what containers were escaped through. Each call
 * is made with arguments that would work, or fail otherwise, for a user who may make it: EPERM is
 * the filter's answer (ENOSYS where programs are to fall back), not that of a wrong argument.
 */
import { describe, expect, it } from "vitest";
import { describeEscapes, type Escape, prisonerIn } from "./support/escapes.ts";
import { languages } from "./support/languages.ts";
import { admit, attempt, attemptLast, expectOthersServed, tell } from "./support/prison.ts";
import { calling, type SystemCall } from "./support/system-calls.ts";

const CLONE_NEW = {
  mount: 0x2_0000,
  "control group": 0x200_0000,
  UTS: 0x400_0000,
  IPC: 0x800_0000,
  user: 0x1000_0000,
  process: 0x2000_0000,
  network: 0x4000_0000,
};
const CLONE_NEWTIME = 0x80;
const CLONE_FILES = 0x400;
const SIGCHLD = 17;
const AF = { unix: 1, inet: 2, inet6: 10, netlink: 16, packet: 17, tipc: 30, alg: 38, vsock: 40 };
const SOCK = { stream: 1, datagram: 2, raw: 3, packet: 10 };
const IPPROTO = { icmp: 1, tcp: 6, sctp: 132, mptcp: 262 };
const NETLINK = { route: 0, audit: 9, netfilter: 12 };
const PTRACE = { traceMe: 0, attach: 16, seize: 0x4206 };
const ADDR_NO_RANDOMIZE = 0x4_0000;
/** struct perf_event_attr: software event, CPU clock. */
const perfEvent = `b:0100000070${"00".repeat(107)}`;
const TERMINAL = { type: 0x5412, paste: 0x541c, takeConsole: 0x541d, lineDiscipline: 0x5423 };
const FS_IOC_FSSETXATTR = 0x401c_5820;
const AT_FDCWD = -100;
const MS_BIND = 4096;
const KEY_SPEC_SESSION = -3;
const SYSLOG_SIZE = 10;
const JOIN_SESSION = 1;
const CHARACTER_DEVICE = 0o020_666;
const TCP_ULP = 31;
const MSG_OOB = 1;
const SOL_TCP = 6;

type Row = readonly [what: string, call: SystemCall, ...words: readonly (number | string)[]];

const refusedWith = (errno: string, rows: readonly Row[]): Escape[] =>
  rows.map(([what, call, ...words]) => ({
    what,
    attempt: calling(call, ...words),
    refusal: [errno],
  }));

describeEscapes("mounts and namespaces", [
  ...refusedWith("EPERM", [
    ["mounts a file system in memory", "mount", "s:none", "s:/tmp", "s:tmpfs", 0, 0],
    ["binds a directory over another", "mount", "s:/usr", "s:/tmp", 0, MS_BIND, 0],
    ["unmounts its code", "umount2", "s:/var/task", 0],
    ["opens a file system", "fsopen", "s:tmpfs", 0],
    ["configures a file system", "fsconfig", 3, 6, 0, 0, 0],
    ["makes a mount of it", "fsmount", 3, 0, 0],
    ["moves a mount", "move_mount", AT_FDCWD, "s:/tmp", AT_FDCWD, "s:/opt", 0],
    ["copies a mount", "open_tree", AT_FDCWD, "s:/", 1],
    ["copies a mount with attributes", "open_tree_attr", AT_FDCWD, "s:/", 1, "z:32", 32],
    ["makes a mount writable", "mount_setattr", AT_FDCWD, "s:/usr", 0, "z:32", 32],
    ["changes its root", "chroot", "s:/tmp"],
    ["swaps its root", "pivot_root", "s:/tmp", "s:/tmp"],
    ...Object.entries(CLONE_NEW).map(([kind, flag]): Row => [
      `makes a ${kind} namespace`,
      "unshare",
      flag,
    ]),
    ["makes a time namespace", "unshare", CLONE_NEWTIME],
    ...Object.entries(CLONE_NEW).map(([kind, flag]): Row => [
      `forks into a ${kind} namespace`,
      "clone",
      flag + SIGCHLD,
      0,
      0,
      0,
      0,
    ]),
    ["enters a namespace", "setns", 0, 0],
    ["opens a file by number", "open_by_handle_at", AT_FDCWD, "z:128", 0],
    ["asks for a file's number", "name_to_handle_at", AT_FDCWD, "s:/tmp", "z:136", "z:8", 0],
    ["makes a device", "mknodat", AT_FDCWD, "s:/tmp/device", CHARACTER_DEVICE, 259],
  ]),
  ...refusedWith("ENOSYS", [
    ["forks where its flags cannot be seen", "clone3", "z:88", 88],
    ["asks about mounts", "statmount", "z:32", "z:512", 512, 0],
    ["lists mounts", "listmount", "z:32", "z:512", 64, 0],
    ["sets the project of a file", "file_setattr", AT_FDCWD, "s:/tmp", "z:24", 24, 0],
  ]),
]);

describeEscapes("the kernel's insides", [
  ...refusedWith("EPERM", [
    ["joins a key ring", "keyctl", JOIN_SESSION, 0, 0, 0, 0],
    ["adds a key", "add_key", "s:user", "s:name", "s:x", 1, KEY_SPEC_SESSION],
    ["asks for a key", "request_key", "s:user", "s:name", 0, KEY_SPEC_SESSION],
    ["loads a BPF map", "bpf", 0, "z:64", 64],
    ["counts its own events", "perf_event_open", perfEvent, 0, -1, -1, 0],
    ["handles page faults", "userfaultfd", 1],
    ["sets up io_uring", "io_uring_setup", 4, "z:120"],
    ["enters io_uring", "io_uring_enter", 3, 1, 0, 0, 0, 0],
    ["registers with io_uring", "io_uring_register", 3, 0, 0, 0],
    ["watches whole file systems", "fanotify_init", 0, 0],
    ["gives its pages to a pipe", "vmsplice", 1, "z:16", 1, 0],
    ["switches off address randomisation", "personality", ADDR_NO_RANDOMIZE],
    ["loads a kernel", "kexec_load", 0, 0, 0, 0],
    ["loads a kernel from a file", "kexec_file_load", 0, 0, 0, "s:", 0],
    ["loads a kernel module", "finit_module", 0, "s:", 0],
    ["loads a kernel module from memory", "init_module", "z:64", 64, "s:"],
    ["unloads a kernel module", "delete_module", "s:loop", 0],
    ["restarts the machine", "reboot", 0xfee1_dead, 672_274_793, 0x123_4567, 0],
    ["adds swap", "swapon", "s:/tmp/swap", 0],
    ["takes swap away", "swapoff", "s:/dev/sda1"],
    ["sets quotas", "quotactl", 0x80_0002, "s:/dev/sda1", 0, 0],
    ["sets quotas of an open file", "quotactl_fd", 0, 0x80_0002, 0, 0],
    ["counts processes into a file", "acct", "s:/tmp/acct"],
    ["sets the time of day", "settimeofday", "z:16", 0],
    ["sets the clock", "clock_settime", 0, "z:16"],
    ["steers the clock", "clock_adjtime", 0, "z:208"],
    ["steers the clock in the old way", "adjtimex", "z:208"],
    ["reads the kernel's log", "syslog", SYSLOG_SIZE, 0, 0],
    ["hangs up the terminal", "vhangup"],
    ["renames the machine", "sethostname", "s:other", 5],
    ["renames the machine's domain", "setdomainname", "s:other", 5],
    ["types into a terminal", "ioctl", 0, TERMINAL.type, "z:1"],
    ["pastes into a console", "ioctl", 0, TERMINAL.paste, "z:1"],
    ["takes the console's output", "ioctl", 0, TERMINAL.takeConsole, 0],
    ["loads a line discipline", "ioctl", 0, TERMINAL.lineDiscipline, "b:15000000"],
    ["sets the project of a file by ioctl", "ioctl", 0, FS_IOC_FSSETXATTR, "z:28"],
  ]),
  ...refusedWith("ENOSYS", [
    ["places memory", "mbind", 0, 0, 0, 0, 0, 0],
    ["moves memory between nodes", "migrate_pages", 0, 0, 0, 0],
    ["moves pages between nodes", "move_pages", 0, 0, 0, 0, 0, 0],
    ["hides memory from the kernel", "memfd_secret", 0],
    ["asks what others have read", "cachestat", 0, "z:16", "z:40", 0],
    ["asks about security modules", "lsm_list_modules", "z:64", "z:4", 0],
    ["takes one of the machine's few I/O contexts", "io_setup", 1, "z:8"],
  ]),
  {
    what: "makes a call that came after Linux 6.18",
    attempt: ["syscall", "470", "0", "0"],
    refusal: ["ENOSYS"],
  },
]);

describeEscapes("other processes, by system call", [
  ...refusedWith("EPERM", [
    ["is traced", "ptrace", PTRACE.traceMe, 0, 0, 0],
    ["traces process 1", "ptrace", PTRACE.attach, 1, 0, 0],
    ["traces process 1 without stopping it", "ptrace", PTRACE.seize, 1, 0, 0],
    ["reads another process's memory", "process_vm_readv", 1, 0, 0, 0, 0, 0],
    ["writes another process's memory", "process_vm_writev", 1, 0, 0, 0, 0, 0],
    ["compares processes", "kcmp", 1, 1, 0, 0, 0],
    ["takes a descriptor of another process", "pidfd_getfd", 3, 0, 0],
    ["becomes root", "setuid", 0],
  ]).map((escape) =>
    // Root does not exist inside: the kernel, which is asked, does not even know who that is.
    escape.what === "becomes root" ? { ...escape, refusal: ["EPERM", "EINVAL"] } : escape,
  ),
  ...refusedWith("ENOSYS", [
    ["steers the memory of another process", "process_madvise", 3, "z:16", 1, 21, 0],
    ["frees the memory of another process", "process_mrelease", 3, 0],
  ]),
]);

describeEscapes("sockets", [
  ...refusedWith("EPERM", [
    ["opens a raw IPv4 socket", "socket", AF.inet, SOCK.raw, IPPROTO.icmp],
    ["opens a raw IPv6 socket", "socket", AF.inet6, SOCK.raw, IPPROTO.icmp],
    ["opens a packet socket", "socket", AF.packet, SOCK.raw, 0],
    ["opens a cooked packet socket", "socket", AF.packet, SOCK.datagram, 0],
    ["opens an old packet socket", "socket", AF.inet, SOCK.packet, 0],
    ["talks to the firewall", "socket", AF.netlink, SOCK.raw, NETLINK.netfilter],
    ["talks to the audit log", "socket", AF.netlink, SOCK.raw, NETLINK.audit],
    ["uses the kernel's cryptography", "socket", AF.alg, SOCK.stream, 0],
    ["talks to the hypervisor", "socket", AF.vsock, SOCK.stream, 0],
    ["opens a cluster socket", "socket", AF.tipc, SOCK.stream, 0],
    ["opens a pair of cluster sockets", "socketpair", AF.tipc, SOCK.stream, 0, "z:8"],
    ["puts a layer over TCP", "setsockopt", 0, SOL_TCP, TCP_ULP, "s:tls", 3],
    ["sends urgent data", "sendto", 0, "s:x", 1, MSG_OOB, 0, 0],
  ]),
  ...refusedWith("EPROTONOSUPPORT", [
    ["opens an SCTP socket", "socket", AF.inet, SOCK.stream, IPPROTO.sctp],
    ["opens an MPTCP socket", "socket", AF.inet6, SOCK.stream, IPPROTO.mptcp],
    ["opens a ping socket", "socket", AF.inet, SOCK.datagram, IPPROTO.icmp],
  ]),
]);

describe.each(languages)("a function that calls the kernel (%s)", (language) => {
  const name = prisonerIn(language);

  it("may do what ordinary programs need", async () => {
    const allowed = [
      calling("socket", AF.inet, SOCK.stream, 0),
      calling("socket", AF.inet, SOCK.stream, IPPROTO.tcp),
      calling("socket", AF.inet6, SOCK.datagram, 0),
      calling("socket", AF.netlink, SOCK.raw, NETLINK.route),
      calling("socketpair", AF.unix, SOCK.stream, 0, "z:8"),
      calling("personality", 0xffff_ffff),
      calling("unshare", CLONE_FILES),
      calling("sync"),
      calling("prlimit64", 0, 4, 0, "z:16"),
    ];
    const outcomes = await attempt(name, allowed);
    expect(outcomes.filter(({ errno }) => errno !== undefined)).toEqual([]);
  });

  // The x32 way of calling exists on x86_64 only.
  it.skipIf(process.arch !== "x64")(
    "is ended when it goes round the filter as an x32 program, and is served again",
    async () => {
      const getpid = String(0x4000_0000 + 39);
      const { json } = await attemptLast(name, "syscall", getpid);
      expect(json).toMatchObject({ errorType: "Runtime.ExitError" });
      await expectOthersServed();
      expect(await tell(name, "getenv", "AWS_LAMBDA_FUNCTION_NAME")).toBe(name);
    },
  );
});

// 32-bit programs exist on x86_64 only.
it.skipIf(process.arch !== "x64")(
  "a function that calls the kernel as a 32-bit program is ended, and is served again",
  async () => {
    const name = prisonerIn("native");
    await admit(name, "native");
    const { json } = await attemptLast(name, "i386");
    expect(json.errorType).toBe("Runtime.ExitError");
    expect(json.errorMessage).toContain("signal: bad system call");
    expect(await tell(name, "getenv", "AWS_LAMBDA_FUNCTION_NAME")).toBe(name);
  },
);
