/**
 * What processes inside a sandbox may not ask of the kernel. Everything else is allowed: ordinary
 * programs (Node, Python, Go, Rust, Java, shells) must not notice the filter. It takes away what
 * needs privileges anyway, and the parts of the kernel that most escapes went through.
 *
 * `EPERM`: the call fails as it would for an ordinary user. `ENOSYS`: as in an older kernel, so
 * that the C library falls back to the older call, whose arguments the filter can see.
 */
import type { SyscallName } from "./syscalls.ts";

export type Refusal = "EPERM" | "ENOSYS";

/** About the low 32 bits of one argument, counted from 0. All conditions of a rule must hold. */
export type Condition =
  | { readonly argument: number; readonly mask?: number; readonly equals: number }
  | { readonly argument: number; readonly mask?: number; readonly noneOf: readonly number[] }
  | { readonly argument: number; readonly anyBitOf: number };

export interface Rule {
  readonly syscalls: readonly SyscallName[];
  readonly action: Refusal;
  readonly reason: string;
  readonly when?: readonly Condition[];
}

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
const SOCK_TYPE_MASK = 0xf;
const SOCK_RAW = 3;
const SOCK_PACKET = 10;
const NETLINK_ROUTE = 0;
const TIOCSTI = 0x5412;
const TIOCLINUX = 0x541c;
const PER_LINUX = 0;
const PERSONALITY_QUERY = 0xffff_ffff;

export const policy: readonly Rule[] = [
  {
    syscalls: [
      "mount",
      "umount2",
      "pivot_root",
      "chroot",
      "fsopen",
      "fsconfig",
      "fsmount",
      "fspick",
      "move_mount",
      "open_tree",
      "open_tree_attr",
      "mount_setattr",
      "statmount",
      "listmount",
    ],
    action: "EPERM",
    reason: "the file system's shape is decided outside",
  },
  {
    syscalls: ["setns"],
    action: "EPERM",
    reason: "no way into another namespace",
  },
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
    syscalls: ["keyctl", "add_key", "request_key"],
    action: "EPERM",
    reason: "key rings are not separated by namespaces",
  },
  {
    syscalls: ["bpf", "perf_event_open", "userfaultfd", "fanotify_init", "lookup_dcookie"],
    action: "EPERM",
    reason: "kernel internals: rich in past escapes, needed by no function",
  },
  {
    syscalls: ["io_uring_setup", "io_uring_enter", "io_uring_register"],
    action: "EPERM",
    reason: "does file and network work that this filter does not see",
  },
  {
    syscalls: ["ptrace", "process_vm_readv", "process_vm_writev", "kcmp", "pidfd_getfd"],
    action: "EPERM",
    reason: "reading and steering other processes",
  },
  {
    syscalls: [
      "kexec_load",
      "kexec_file_load",
      "init_module",
      "finit_module",
      "delete_module",
      "create_module",
      "get_kernel_syms",
      "query_module",
      "reboot",
      "swapon",
      "swapoff",
      "acct",
      "quotactl",
      "quotactl_fd",
      "syslog",
      "vhangup",
      "sethostname",
      "setdomainname",
      "settimeofday",
      "clock_settime",
      "iopl",
      "ioperm",
    ],
    action: "EPERM",
    reason: "running the machine",
  },
  {
    syscalls: ["nfsservctl", "uselib", "ustat", "sysfs", "_sysctl", "modify_ldt"],
    action: "ENOSYS",
    reason: "obsolete, and used by no runtime",
  },
  {
    syscalls: ["open_by_handle_at"],
    action: "EPERM",
    reason: "opens files by number, past every mount",
  },
  {
    syscalls: ["personality"],
    when: [{ argument: 0, noneOf: [PER_LINUX, PERSONALITY_QUERY] }],
    action: "EPERM",
    reason: "switches off address randomisation and other protections",
  },
  {
    syscalls: ["socket"],
    when: [{ argument: 0, noneOf: [AF_UNIX, AF_INET, AF_INET6, AF_NETLINK] }],
    action: "EPERM",
    reason: "packet, virtual machine (vsock), kernel crypto, Bluetooth and other rare sockets",
  },
  {
    syscalls: ["socket"],
    when: [
      { argument: 0, equals: AF_NETLINK },
      { argument: 2, noneOf: [NETLINK_ROUTE] },
    ],
    action: "EPERM",
    reason: "only the list of addresses is needed, by getaddrinfo and getifaddrs",
  },
  {
    syscalls: ["socket"],
    when: [
      { argument: 0, noneOf: [AF_NETLINK] },
      { argument: 1, mask: SOCK_TYPE_MASK, equals: SOCK_RAW },
    ],
    action: "EPERM",
    reason: "raw packets",
  },
  {
    syscalls: ["socket"],
    when: [{ argument: 1, mask: SOCK_TYPE_MASK, equals: SOCK_PACKET }],
    action: "EPERM",
    reason: "raw packets, the old way",
  },
  {
    syscalls: ["ioctl"],
    when: [{ argument: 1, equals: TIOCSTI }],
    action: "EPERM",
    reason: "types into the terminal of somebody else",
  },
  {
    syscalls: ["ioctl"],
    when: [{ argument: 1, equals: TIOCLINUX }],
    action: "EPERM",
    reason: "pastes into a console",
  },
];
