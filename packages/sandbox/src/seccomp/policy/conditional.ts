/** Calls about which their arguments decide. */
import type { Rule } from "../rule.ts";

const CLONE_NEWTIME = 0x80;
const CLONE_NEWNS = 0x2_0000;
const CLONE_NEWCGROUP = 0x200_0000;
const CLONE_NEWUTS = 0x400_0000;
const CLONE_NEWIPC = 0x800_0000;
const CLONE_NEWUSER = 0x1000_0000;
const CLONE_NEWPID = 0x2000_0000;
const CLONE_NEWNET = 0x4000_0000;
const NAMESPACES =
  CLONE_NEWNS |
  CLONE_NEWCGROUP |
  CLONE_NEWUTS |
  CLONE_NEWIPC |
  CLONE_NEWUSER |
  CLONE_NEWPID |
  CLONE_NEWNET;

const AF_UNIX = 1;
const AF_INET = 2;
const AF_INET6 = 10;
const AF_NETLINK = 16;
/** The rest of the type argument is SOCK_CLOEXEC and SOCK_NONBLOCK. */
const SOCK_TYPE_MASK = 0xf;
const SOCK_STREAM = 1;
const SOCK_DGRAM = 2;
const SOCK_RAW = 3;
const IPPROTO_ANY = 0;
const IPPROTO_TCP = 6;
const IPPROTO_UDP = 17;
const NETLINK_ROUTE = 0;
const TCP_ULP = 31;
const MSG_OOB = 1;

const TIOCSTI = 0x5412;
const TIOCLINUX = 0x541c;
const TIOCCONS = 0x541d;
const TIOCSETD = 0x5423;
const FS_IOC_FSSETXATTR = 0x401c_5820;

const FILE_TYPE_MASK = 0o170_000;
const S_IFCHR = 0o020_000;
const S_IFBLK = 0o060_000;

const RLIMIT_CORE = 4;
const NO_POINTER = 0;

const PER_LINUX = 0;
const PERSONALITY_QUERY = 0xffff_ffff;

export const conditional: readonly Rule[] = [
  {
    syscalls: ["unshare"],
    when: [{ argument: 0, anyBitOf: NAMESPACES | CLONE_NEWTIME }],
    action: "EPERM",
    reason: "a new user namespace gives capabilities, and with them most of the kernel's surface",
  },
  {
    syscalls: ["clone"],
    // The low byte of clone's flags is the exit signal: CLONE_NEWTIME does not exist here.
    when: [{ argument: 0, anyBitOf: NAMESPACES }],
    action: "EPERM",
    reason: "as unshare",
  },
  {
    syscalls: ["clone3"],
    action: "ENOSYS",
    reason: "its flags lie in memory, where a filter cannot look; C libraries fall back to clone",
  },
  {
    syscalls: ["socket"],
    when: [{ argument: 0, oneOf: [AF_UNIX] }],
    action: "allow",
    reason: "between processes of the sandbox: the network namespace holds abstract names too",
  },
  {
    syscalls: ["socket"],
    when: [
      { argument: 0, oneOf: [AF_INET, AF_INET6] },
      { argument: 1, mask: SOCK_TYPE_MASK, oneOf: [SOCK_STREAM] },
      { argument: 2, oneOf: [IPPROTO_ANY, IPPROTO_TCP] },
    ],
    action: "allow",
    reason: "TCP",
  },
  {
    syscalls: ["socket"],
    when: [
      { argument: 0, oneOf: [AF_INET, AF_INET6] },
      { argument: 1, mask: SOCK_TYPE_MASK, oneOf: [SOCK_DGRAM] },
      { argument: 2, oneOf: [IPPROTO_ANY, IPPROTO_UDP] },
    ],
    action: "allow",
    reason: "UDP",
  },
  {
    syscalls: ["socket"],
    when: [
      { argument: 0, oneOf: [AF_INET, AF_INET6] },
      { argument: 1, mask: SOCK_TYPE_MASK, oneOf: [SOCK_STREAM, SOCK_DGRAM] },
    ],
    action: "EPROTONOSUPPORT",
    reason:
      "MPTCP, SCTP, DCCP, SMC, L2TP, ping: rarely used, rich in bugs, and loaded into the kernel by " +
      "the first who asks; Go tries MPTCP and falls back to TCP",
  },
  {
    syscalls: ["socket"],
    when: [
      { argument: 0, oneOf: [AF_NETLINK] },
      { argument: 1, mask: SOCK_TYPE_MASK, oneOf: [SOCK_RAW, SOCK_DGRAM] },
      { argument: 2, oneOf: [NETLINK_ROUTE] },
    ],
    action: "allow",
    reason: "the list of addresses, which getaddrinfo and getifaddrs ask for",
  },
  {
    syscalls: ["socket"],
    action: "EPERM",
    reason:
      "raw and packet sockets, firewall and audit (netlink), virtual machines (vsock), kernel " +
      "cryptography (alg), Bluetooth, CAN, TIPC and whatever else is a family",
  },
  {
    syscalls: ["socketpair"],
    when: [{ argument: 0, oneOf: [AF_UNIX] }],
    action: "allow",
    reason: "as socket",
  },
  {
    syscalls: ["socketpair"],
    action: "EPERM",
    reason: "the way to families that socket refuses, such as TIPC",
  },
  {
    syscalls: ["setsockopt"],
    when: [
      { argument: 1, oneOf: [IPPROTO_TCP] },
      { argument: 2, oneOf: [TCP_ULP] },
    ],
    action: "EPERM",
    reason:
      "kernel TLS and other layers over TCP: escapes went through them; OpenSSL does it itself",
  },
  {
    syscalls: ["sendmsg"],
    when: [{ argument: 2, anyBitOf: MSG_OOB }],
    action: "EPERM",
    reason:
      "urgent data, which only telnet uses: an escape of 2025 went through it on Unix sockets",
  },
  {
    syscalls: ["sendto", "sendmmsg"],
    when: [{ argument: 3, anyBitOf: MSG_OOB }],
    action: "EPERM",
    reason: "as sendmsg",
  },
  {
    syscalls: ["ioctl"],
    when: [{ argument: 1, oneOf: [TIOCSTI, TIOCLINUX, TIOCCONS] }],
    action: "EPERM",
    reason: "types into the terminal of somebody else, pastes into a console, takes its output",
  },
  {
    syscalls: ["ioctl"],
    when: [{ argument: 1, oneOf: [TIOCSETD] }],
    action: "EPERM",
    reason: "loads line disciplines (HDLC, GSM, SLIP) into the kernel: escapes went through them",
  },
  {
    syscalls: ["ioctl"],
    when: [{ argument: 1, oneOf: [FS_IOC_FSSETXATTR] }],
    action: "EPERM",
    reason: "sets the project of a file, by which quotas are counted",
  },
  {
    syscalls: ["mknod"],
    when: [{ argument: 1, mask: FILE_TYPE_MASK, oneOf: [S_IFCHR, S_IFBLK] }],
    action: "EPERM",
    reason: "devices",
  },
  {
    syscalls: ["mknodat"],
    when: [{ argument: 2, mask: FILE_TYPE_MASK, oneOf: [S_IFCHR, S_IFBLK] }],
    action: "EPERM",
    reason: "devices",
  },
  {
    syscalls: ["setrlimit"],
    when: [{ argument: 0, oneOf: [RLIMIT_CORE] }],
    action: "pretend",
    reason:
      "there are no core files, and the limit that says so (launch.ts) would be undone by setting it to 0",
  },
  {
    syscalls: ["prlimit64"],
    when: [
      { argument: 1, oneOf: [RLIMIT_CORE] },
      { argument: 2, noneOf: [NO_POINTER] },
    ],
    action: "pretend",
    reason: "as setrlimit; without a new limit the call only reads",
  },
  {
    syscalls: ["prlimit64"],
    when: [
      { argument: 1, oneOf: [RLIMIT_CORE] },
      { argument: 2, half: "high", noneOf: [NO_POINTER] },
    ],
    action: "pretend",
    reason: "the other half of the pointer",
  },
  {
    syscalls: ["personality"],
    when: [{ argument: 0, noneOf: [PER_LINUX, PERSONALITY_QUERY] }],
    action: "EPERM",
    reason: "switches off address randomisation and other protections",
  },
];
