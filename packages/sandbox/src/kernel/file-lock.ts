/** Locks of files, which the kernel lets go of when their holder ends, however it ends. */
import { closeSync, openSync } from "node:fs";
import { call, KernelError } from "./libc.ts";

const LOCK_EX = 2;
const LOCK_NB = 4;

/** The descriptor that holds the lock, or undefined where somebody else does. */
export function tryLock(path: string): number | undefined {
  const lock = openSync(path, "a", 0o600);
  try {
    call("flock", `lock ${path}`, lock, LOCK_EX | LOCK_NB);
    return lock;
  } catch (error) {
    closeSync(lock);
    // The same number under two names.
    if (error instanceof KernelError && ["EAGAIN", "EWOULDBLOCK"].includes(error.code)) {
      return undefined;
    }
    throw error;
  }
}

/** Waits for the lock: for what takes its holders a moment only, and blocks the calling thread. */
export function withLock<T>(path: string, run: () => T): T {
  const lock = openSync(path, "a", 0o600);
  try {
    call("flock", `lock ${path}`, lock, LOCK_EX);
    return run();
  } finally {
    closeSync(lock);
  }
}
