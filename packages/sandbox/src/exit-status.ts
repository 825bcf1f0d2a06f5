/** What a wrapper's exit status says about the command that it ran. */
import { constants } from "node:os";

/**
 * Signals that end a process by default and that somebody can receive without a terminal. The
 * statuses 128 (no signal), 129 (SIGHUP), 130 (SIGINT) and 131 (SIGQUIT) are left out: Node's own
 * bootstrap ends with 128 and 129, and a terminal's signals do not occur without one.
 */
const fatal = [
  "SIGILL",
  "SIGTRAP",
  "SIGABRT",
  "SIGBUS",
  "SIGFPE",
  "SIGKILL",
  "SIGUSR1",
  "SIGSEGV",
  "SIGUSR2",
  "SIGPIPE",
  "SIGALRM",
  "SIGTERM",
  "SIGXCPU",
  "SIGXFSZ",
  "SIGSYS",
] as const;

export interface CommandStatus {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** `code` and `signal` as Node's `exit` event gives them for bubblewrap itself. */
export function commandStatus(code: number | null, signal: string | null): CommandStatus {
  if (code === null) {
    return { exitCode: null, signal: signal ?? "SIGKILL" };
  }
  const name = fatal.find((candidate) => constants.signals[candidate] === code - 128);
  return name === undefined ? { exitCode: code, signal: null } : { exitCode: null, signal: name };
}
