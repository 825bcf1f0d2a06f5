import { spawn } from "node:child_process";
import { once } from "node:events";
/**
 * A shell in a session of its own that does one thing when this process is gone, whatever ended it:
 * its standard input ends then. It costs a megabyte and no CPU.
 */
import { closeAllOnExec } from "./kernel/descriptors.ts";

export interface Guard {
  /** One line for the script to read. */
  tell(line: string): void;
  /** Lets the script go to its end, and resolves when it has. */
  close(): Promise<void>;
}

/** `script` reads lines until its input ends; `$1`, `$2` … are `values`. */
export function openGuard(script: string, values: readonly string[]): Guard {
  const command = ["-c", `trap '' HUP INT TERM; ${script}`, "paddock-guard", ...values];
  closeAllOnExec();
  const shell = spawn("/bin/sh", command, {
    cwd: "/",
    env: {},
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  const ended = once(shell, "exit").catch(() => undefined);
  // The guard may be killed by whoever likes to; that must not end the worker.
  shell.stdin.on("error", () => undefined);
  shell.unref();
  return {
    tell: (line) => {
      shell.stdin.write(`${line}\n`);
    },
    close: async () => {
      shell.stdin.end();
      // Waiting for it is a reason for this process to live.
      shell.ref();
      await ended;
    },
  };
}
