/** Signals and identity of processes that are not our own children. */
import { readFileSync, readlinkSync } from "node:fs";
import { endianness } from "node:os";
import { call } from "./libc.ts";

/** The same numbers on every architecture since Linux 5.3. */
const SYS_PIDFD_SEND_SIGNAL = 424;
const SYS_PIDFD_OPEN = 434;
const SIGKILL = 9;

/** A descriptor that stands for the process: a later process with the same id is never meant. */
export function openProcess(pid: number): number {
  return call("syscall", `open process ${String(pid)}`, SYS_PIDFD_OPEN, pid, 0, 0, 0);
}

/** Harmless when the process is gone already. */
export function killProcess(processDescriptor: number): void {
  try {
    call("syscall", "kill the sandbox", SYS_PIDFD_SEND_SIGNAL, processDescriptor, SIGKILL, 0, 0);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) {
      throw error;
    }
  }
}

/**
 * Clock ticks after boot at which the process began: with its id, unique until the next boot.
 * Undefined when it does not run any more. A zombie does not: the parent of a worker may be dead
 * too, and then the system takes its time to fetch what is left of it.
 */
export function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, "utf8");
    // The second field is the program's name in brackets, which may hold anything.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/** Inode of the process-id namespace: process ids mean something only within it. */
export function pidNamespace(): string {
  return readlinkSync("/proc/self/ns/pid").replace(/\D/g, "");
}

export const littleEndian = endianness() === "LE";
