/** Which descriptors survive when another program is executed. */
import { close, readdirSync } from "node:fs";
import { promisify } from "node:util";
import { call } from "./libc.ts";

const F_GETFD = 1;
const F_SETFD = 2;
const FD_CLOEXEC = 1;
const LAST_STANDARD = 2;

/** On a thread of libuv's pool: closing the last descriptor of a mount takes its time. */
export const closeLater = promisify(close);

export function keepOnExec(fd: number): void {
  call("fcntl", "keep a descriptor", fd, F_SETFD, 0);
}

/**
 * Whatever this process inherited from those who started it ends with it: Node gives every
 * descriptor of its own the same flag, but looks at inherited ones up to a small number only, and a
 * sandbox would inherit the rest.
 */
export function closeInheritedOnExec(): void {
  for (const fd of readdirSync("/proc/self/fd").map(Number)) {
    if (fd > LAST_STANDARD && isOpen(fd)) {
      call("fcntl", "close a descriptor on exec", fd, F_SETFD, FD_CLOEXEC);
    }
  }
}

/** The directory's own descriptor is in the list, and closed by now. */
function isOpen(fd: number): boolean {
  try {
    call("fcntl", "look at a descriptor", fd, F_GETFD, 0);
    return true;
  } catch {
    return false;
  }
}
