/** Which descriptors survive when another program is executed. */
import { close, readdirSync } from "node:fs";
import { promisify } from "node:util";
import { call } from "./libc.ts";

const F_GETFD = 1;
const F_SETFD = 2;
const FD_CLOEXEC = 1;
const LAST_STANDARD = 2;
const LAST_POSSIBLE = 0xffff_ffff;
/** The same number on every architecture. */
const SYS_CLOSE_RANGE = 436;
const CLOSE_RANGE_CLOEXEC = 4;

/** On a thread of libuv's pool: closing the last descriptor of a mount takes its time. */
export const closeLater = promisify(close);

export function keepOnExec(fd: number): void {
  call("fcntl", "keep a descriptor", fd, F_SETFD, 0);
}

/**
 * Every descriptor of this process but its standard streams ends with it. Node gives those that it
 * opens this flag, but looks at inherited ones up to a small number only, and libraries forget it:
 * libnftables opens sockets that may change the host's firewall, and a sandbox would inherit them.
 */
export function closeAllOnExec(): void {
  try {
    const first = LAST_STANDARD + 1;
    const doing = "close all descriptors on exec";
    call("syscall", doing, SYS_CLOSE_RANGE, first, LAST_POSSIBLE, CLOSE_RANGE_CLOEXEC, 0);
  } catch {
    // Before Linux 5.11.
    closeEachOnExec();
  }
}

function closeEachOnExec(): void {
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
