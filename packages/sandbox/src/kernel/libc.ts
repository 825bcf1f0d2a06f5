/**
 * The few system calls that Node does not offer, called in-process through koffi: a mount costs
 * 0.1 ms this way and 7 ms with a spawned program. Everything here is synchronous and short.
 *
 * Loaded on first use, so that the package can be imported where these calls do not exist.
 */
import { constants } from "node:os";
import koffi from "koffi";
import { SandboxError } from "../errors.ts";

type Call = (...values: readonly (number | string | Uint8Array | null)[]) => number;

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
  flock: "int flock(int fd, int operation)",
  close: "int close(int fd)",
  fcntl: "int fcntl(int fd, int command, long argument)",
  /** pidfd_open and pidfd_send_signal have no wrapper before glibc 2.36. */
  syscall: "long syscall(long number, long a, long b, long c, long d)",
} as const;

export type CallName = keyof typeof prototypes;

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
export function call(
  name: CallName,
  doing: string,
  ...values: readonly (number | string | Uint8Array | null)[]
): number {
  const result = (loaded.get(name) ?? load(name))(...values);
  if (result < 0) {
    throw new KernelError(name, doing, errnoName(koffi.errno()));
  }
  return result;
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
