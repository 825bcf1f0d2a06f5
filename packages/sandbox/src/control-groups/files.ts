/** Files of the control group file systems: one short value each. */
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { messageOf, SandboxError } from "../errors.ts";
import { sandboxLimits } from "../limits.ts";

export function writeValue(directory: string, file: string, value: string | number): void {
  try {
    writeFileSync(join(directory, file), String(value));
  } catch (error) {
    throw new SandboxError(
      `control group: ${String(value)} into ${file} of ${directory}: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

export function makeGroup(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    throw new SandboxError(`control group ${directory} cannot be made: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** Processes of the group, none when it is gone. */
export function processesOf(directory: string): number[] {
  try {
    const text = readFileSync(join(directory, "cgroup.procs"), "utf8");
    return text.split("\n", sandboxLimits.killedProcesses).filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Names of the groups directly below. */
export function groupsBelow(directory: string): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch {
    return [];
  }
}

/** Value of a `name value` line, such as `oom_kill 3`. */
export function keyedValue(text: string, key: string): number {
  const line = text.split("\n").find((candidate) => candidate.startsWith(`${key} `));
  return line === undefined ? 0 : Number(line.slice(key.length + 1));
}

/**
 * Memory that stays in use under pressure. The plain figure counts every file that was read, of
 * which the kernel gives up first what was not used lately. 0 when the group is gone.
 */
export function workingSetBytes(
  directory: string,
  names: { readonly usage: string; readonly inactiveFile: string },
): number {
  try {
    const usage = Number(readFileSync(join(directory, names.usage), "utf8"));
    const stat = readFileSync(join(directory, "memory.stat"), "utf8");
    return Math.max(0, usage - keyedValue(stat, names.inactiveFile));
  } catch {
    return 0;
  }
}

/** Kills what is inside and removes the group; the kernel needs a moment to drain it. */
export async function removeGroup(directory: string): Promise<void> {
  let problem: unknown;
  for (let attempt = 0; attempt < sandboxLimits.removeGroupAttempts; attempt += 1) {
    try {
      rmdirSync(directory);
      return;
    } catch (error) {
      if (codeOf(error) === "ENOENT") {
        return;
      }
      problem = error;
      if (codeOf(error) !== "EBUSY") {
        break;
      }
    }
    killAll(processesOf(directory));
    await wait(sandboxLimits.removeGroupWaitMs);
  }
  throw new SandboxError(`control group ${directory} cannot be removed: ${messageOf(problem)}`);
}

/** For a group that several workers share: the last one takes it away. */
export function removeIfEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch {
    // Somebody else's group is in it, or it is gone already.
  }
}

function killAll(processes: readonly number[]): void {
  for (const pid of processes) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // Gone in the meantime.
    }
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

/** A file with one number that is read again and again. */
export class Counter {
  readonly #descriptor: number;
  readonly #buffer = Buffer.alloc(32);
  #closed = false;

  constructor(path: string) {
    this.#descriptor = openSync(path, "r");
  }

  read(): number {
    if (this.#closed) {
      return 0;
    }
    const length = readSync(this.#descriptor, this.#buffer, 0, this.#buffer.length, 0);
    return Number(this.#buffer.toString("latin1", 0, length));
  }

  close(): void {
    if (!this.#closed) {
      this.#closed = true;
      closeSync(this.#descriptor);
    }
  }
}
