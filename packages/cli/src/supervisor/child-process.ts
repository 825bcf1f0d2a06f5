import { type ChildProcess, spawn } from "node:child_process";
import { closeSync } from "node:fs";
import { withDeadline } from "@paddock/service-kit";
import { cliLimits } from "../limits.ts";
import { logSize, openLog, readLogTail } from "./log-files.ts";
import type { StartedProcess } from "./managed-process.ts";
import { StartFailure } from "./start-failure.ts";

/**
 * One child in a session of its own: Ctrl-C at the terminal reaches the supervisor only, which then
 * stops its children in order, and a kill reaches everything that the child has started.
 */
export interface ChildCommand {
  readonly title: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  readonly logFile: string;
  /** Opens an IPC channel: the child stops by itself when the supervisor is gone. */
  readonly hasChannel: boolean;
  readonly readyTimeoutMs: number;
  /** Resolves, with what the child says of itself, when it answers. */
  readonly untilReady: (child: ChildProcess, signal: AbortSignal) => Promise<Told>;
}

export type Told = Pick<StartedProcess, "detail" | "notes">;

export function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody is left in the group.
  }
}

function spawnInto(options: ChildCommand): ChildProcess {
  const [program = "", ...args] = options.command;
  const log = openLog(options.logFile);
  try {
    return spawn(program, args, {
      cwd: options.workingDirectory,
      env: options.environment,
      detached: true,
      stdio: options.hasChannel ? ["ignore", log, log, "ipc"] : ["ignore", log, log],
    });
  } finally {
    closeSync(log);
  }
}

/** Resolves with words for the end of the child. */
function untilGone(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(`it cannot be run (${error.message})`));
    child.once("exit", (code, signal) => {
      resolve(signal === null ? `it ended with exit code ${code}` : `it was ended by ${signal}`);
    });
  });
}

async function endChild(child: ChildProcess, gone: Promise<string>): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  child.kill("SIGTERM");
  await withDeadline(gone, cliLimits.stopTimeoutMs, "too slow").catch(() => undefined);
  // Also for what it may have left in its group.
  killGroup(pid, "SIGKILL");
  await gone;
}

export async function startChild(
  options: ChildCommand,
  onExit: (reason: string) => void,
  signal: AbortSignal,
): Promise<StartedProcess> {
  signal.throwIfAborted();
  const logOffset = logSize(options.logFile);
  const child = spawnInto(options);
  const gone = untilGone(child);
  const waiting = new AbortController();
  const aborted = new Promise<never>((_resolve, reject) => {
    const onAbort = () => reject(new Error("Paddock is stopping"));
    signal.addEventListener("abort", onAbort, { once: true, signal: waiting.signal });
  });
  let told: Told;
  try {
    const seconds = options.readyTimeoutMs / 1000;
    told = await withDeadline(
      Promise.race([
        options.untilReady(child, waiting.signal),
        aborted,
        gone.then((reason) => Promise.reject(new Error(reason))),
      ]),
      options.readyTimeoutMs,
      `it was not ready within ${seconds} s`,
    );
  } catch (error) {
    await endChild(child, gone);
    const reason = error instanceof Error ? error.message : String(error);
    const lastLines = readLogTail(options.logFile, logOffset);
    throw new StartFailure(options.title, reason, { file: options.logFile, lastLines });
  } finally {
    waiting.abort();
  }
  return { ...told, ...makeStarted(child, gone, onExit) };
}

function makeStarted(
  child: ChildProcess,
  gone: Promise<string>,
  onExit: (reason: string) => void,
): StartedProcess {
  const pid = child.pid ?? 0;
  let isWanted = true;
  void gone.then((reason) => {
    if (!isWanted) return;
    // Its own children must not outlive it.
    killGroup(pid, "SIGKILL");
    onExit(reason);
  });
  return {
    pid,
    stop: () => {
      isWanted = false;
      return endChild(child, gone);
    },
    kill: () => {
      isWanted = false;
      killGroup(pid, "SIGKILL");
    },
  };
}
