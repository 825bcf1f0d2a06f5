/**
 * The few system calls that Node does not offer, called in-process through koffi: a mount costs
 * 0.1 ms this way and 7 ms with a spawned program. `call` is synchronous, for what is short;
 * `callLater` is for what is not.
 *
 * Loaded on first use, so that the package can be imported where these calls do not exist.
 */
import { constants } from "node:os";
import koffi from "koffi";
import { messageOf, SandboxError } from "../errors.ts";

type Value = number | string | Uint8Array | null | readonly (string | null)[];

interface Call {
  (...values: readonly Value[]): number;
  /** On a thread of libuv's pool; `koffi.errno()` in the callback is that thread's. */
  async(...values: readonly (Value | ((error: unknown, result: number) => void))[]): void;
}

const prototypes = {
  mount:
    "int mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data)",
  umount2: "int umount2(const char *target, int flags)",
  setns: "int setns(int fd, int kind)",
  unshare: "int unshare(int kinds)",
  socket: "int socket(int domain, int type, int protocol)",
  bind: "int bind(int fd, const uint8_t *address, uint32_t length)",
  send: "long send(int fd, const uint8_t *data, size_t length, int flags)",
  recv: "long recv(int fd, _Out_ uint8_t *data, size_t length, int flags)",
  ioctl: "int ioctl(int fd, unsigned long request, uint8_t *argument)",
  ioctlNumber: "int ioctl(int fd, unsigned long request, long argument)",
  fchdir: "int fchdir(int fd)",
  socketpair: "int socketpair(int domain, int type, int protocol, _Out_ uint8_t *pair)",
  posix_spawn:
    "int posix_spawn(_Out_ uint8_t *pid, const char *path, const uint8_t *actions, const uint8_t *attributes, const char **arguments, const char **environment)",
  posix_spawn_file_actions_init: "int posix_spawn_file_actions_init(uint8_t *actions)",
  posix_spawn_file_actions_addchdir_np:
    "int posix_spawn_file_actions_addchdir_np(uint8_t *actions, const char *path)",
  posix_spawn_file_actions_adddup2:
    "int posix_spawn_file_actions_adddup2(uint8_t *actions, int from, int to)",
  posix_spawn_file_actions_destroy: "int posix_spawn_file_actions_destroy(uint8_t *actions)",
  posix_spawnattr_init: "int posix_spawnattr_init(uint8_t *attributes)",
  posix_spawnattr_setflags: "int posix_spawnattr_setflags(uint8_t *attributes, short flags)",
  posix_spawnattr_setsigdefault:
    "int posix_spawnattr_setsigdefault(uint8_t *attributes, const uint8_t *signals)",
  posix_spawnattr_setsigmask:
    "int posix_spawnattr_setsigmask(uint8_t *attributes, const uint8_t *signals)",
  waitpid: "int waitpid(int pid, _Out_ uint8_t *status, int options)",
  lseek: "long lseek(int fd, long offset, int whence)",
  mknod: "int mknod(const char *path, unsigned int mode, unsigned long device)",
  flock: "int flock(int fd, int operation)",
  close: "int close(int fd)",
  fcntl: "int fcntl(int fd, int command, long argument)",
  /** pidfd_open and pidfd_send_signal have no wrapper before glibc 2.36, nor has the mount API. */
  syscall: "long syscall(long number, long a, long b, long c, long d)",
  fsopen: "long syscall(long number, const char *type, unsigned int flags)",
  fsconfig:
    "long syscall(long number, int context, unsigned int command, const char *key, const char *value, int auxiliary)",
  fsmount: "long syscall(long number, int context, unsigned int flags, unsigned int attributes)",
  open_tree: "long syscall(long number, int directory, const char *path, unsigned int flags)",
  move_mount:
    "long syscall(long number, int fromDirectory, const char *from, int toDirectory, const char *to, unsigned int flags)",
} as const;

export type CallName = keyof typeof prototypes;

/** The kernel reads and writes their bytes meanwhile: they must not be collected. */
const inFlight = new Set<readonly Value[]>();
const loaded = new Map<CallName, Call>();
let library: ReturnType<typeof koffi.load> | undefined;

function load(name: CallName): Call {
  library ??= koffi.load(null);
  const call: Call = library.func(prototypes[name]);
  loaded.set(name, call);
  return call;
}

/**
 * Calls `name`; a negative result becomes a SandboxError that says what was being done, the name
 * of the error (`EBUSY`) and the arguments' meaning as the caller words it.
 */
export function call(name: CallName, doing: string, ...values: readonly Value[]): number {
  const result = (loaded.get(name) ?? load(name))(...values);
  if (result < 0) {
    throw new KernelError(name, doing, errnoName(koffi.errno()));
  }
  return result;
}

/**
 * The same on a thread of libuv's pool, for what waits for a disk or for other processors. No more
 * than a few at once: the pool has four threads, which all file access shares.
 */
export function callLater(
  name: CallName,
  doing: string,
  ...values: readonly Value[]
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  inFlight.add(values);
  (loaded.get(name) ?? load(name)).async(...values, (error, result) => {
    inFlight.delete(values);
    if (error !== null) reject(new SandboxError(`${doing}: ${messageOf(error)}`, { cause: error }));
    else if (result < 0) reject(new KernelError(name, doing, errnoName(koffi.errno())));
    else resolve(result);
  });
  return promise;
}

export class KernelError extends SandboxError {
  /** Such as `EBUSY`. */
  readonly code: string;

  constructor(name: CallName | "netlink", doing: string, code: string) {
    super(`${doing}: ${name} failed with ${code}`);
    this.code = code;
  }
}

/** Such as `EBUSY` for 16. */
export function errnoName(value: number): string {
  const entry = Object.entries(constants.errno).find(([, number]) => number === value);
  return entry?.[0] ?? `error ${String(value)}`;
}
