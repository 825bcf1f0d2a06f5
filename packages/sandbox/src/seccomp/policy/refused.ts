/** Calls that are refused whatever their arguments. */
import type { Rule } from "../rule.ts";

export const refused: readonly Rule[] = [
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
    ],
    action: "EPERM",
    reason: "the file system's shape is decided outside",
  },
  {
    syscalls: ["statmount", "listmount"],
    action: "ENOSYS",
    reason: "a second view of the mounts, in new code; /proc/self/mountinfo is what programs know",
  },
  {
    syscalls: ["setns"],
    action: "EPERM",
    reason: "no way into another namespace",
  },
  {
    syscalls: ["open_by_handle_at", "name_to_handle_at"],
    action: "EPERM",
    reason: "opens files by number, past every mount; and tells the numbers",
  },
  {
    syscalls: ["keyctl", "add_key", "request_key"],
    action: "EPERM",
    reason: "key rings are not separated by namespaces",
  },
  {
    syscalls: ["bpf", "perf_event_open", "userfaultfd", "fanotify_init", "fanotify_mark"],
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
    syscalls: ["process_madvise", "process_mrelease"],
    action: "ENOSYS",
    reason: "steers the memory of other processes; allocators fall back to madvise",
  },
  {
    syscalls: ["vmsplice"],
    action: "EPERM",
    reason: "shares pages of memory with the kernel's pipes: escapes went through it",
  },
  {
    syscalls: [
      "kexec_load",
      "kexec_file_load",
      "init_module",
      "finit_module",
      "delete_module",
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
      "clock_adjtime",
      "adjtimex",
      "iopl",
      "ioperm",
    ],
    action: "EPERM",
    reason: "running the machine",
  },
  {
    syscalls: ["sync", "syncfs"],
    action: "pretend",
    reason:
      "writes back everybody's files, and lets one function hold up the disk; what is in /tmp ends " +
      "with its environment anyway, and fsync of a single file is there",
  },
  {
    syscalls: ["io_setup", "io_destroy", "io_submit", "io_cancel", "io_getevents", "io_pgetevents"],
    action: "ENOSYS",
    reason:
      "contexts are counted for the whole machine (fs.aio-max-nr): one function could take them from " +
      "all; kernels are built without it too, so programs fall back",
  },
  {
    syscalls: [
      "get_mempolicy",
      "set_mempolicy",
      "set_mempolicy_home_node",
      "mbind",
      "migrate_pages",
      "move_pages",
    ],
    action: "ENOSYS",
    reason: "placing memory on the machine's nodes; libnuma says quietly that there are none",
  },
  {
    syscalls: ["cachestat", "memfd_secret", "file_getattr", "file_setattr"],
    action: "ENOSYS",
    reason:
      "tells what others have read, hides memory, sets projects of quotas; new, and no program needs it",
  },
  {
    syscalls: ["lsm_get_self_attr", "lsm_set_self_attr", "lsm_list_modules"],
    action: "ENOSYS",
    reason: "the host's security modules are none of a function's business",
  },
  {
    syscalls: [
      "_sysctl",
      "afs_syscall",
      "create_module",
      "epoll_ctl_old",
      "epoll_wait_old",
      "get_kernel_syms",
      "get_thread_area",
      "getpmsg",
      "lookup_dcookie",
      "modify_ldt",
      "nfsservctl",
      "putpmsg",
      "query_module",
      "remap_file_pages",
      "security",
      "set_thread_area",
      "sysfs",
      "tuxcall",
      "uselib",
      "ustat",
      "vserver",
    ],
    action: "ENOSYS",
    reason: "obsolete, and used by no runtime; most have left the kernel long ago",
  },
];
