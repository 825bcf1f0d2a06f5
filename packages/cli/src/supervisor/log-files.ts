import {
  closeSync,
  copyFileSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  truncateSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { cliLimits } from "../limits.ts";

/**
 * One log file per process. Processes write to it directly (opened for appending), so that neither
 * their speed nor their life depends on the supervisor. A file that has grown is copied aside and
 * cut: lines written in that very moment may be lost, which a log of ours can bear.
 */
export function logPath(directory: string, name: string): string {
  return join(directory, `${name}.log`);
}

/** A descriptor to append with; the caller closes it. */
export function openLog(path: string): number {
  return openSync(path, "a", 0o600);
}

/** For a server whose lines come to the supervisor; lines after `close` are dropped. */
export class LineLog {
  #file: number | undefined;

  constructor(path: string) {
    this.#file = openLog(path);
  }

  write(line: string): void {
    if (this.#file !== undefined) writeSync(this.#file, `${line}\n`);
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}

/** Sets the file aside as `.1`, the one before as `.2`, …, when it has grown too long. */
export function rotateLog(path: string): void {
  if (sizeOf(path) < cliLimits.logFileBytes) return;
  for (let number = cliLimits.logFilesKept - 1; number >= 1; number -= 1) {
    if (sizeOf(`${path}.${number}`) > 0) renameSync(`${path}.${number}`, `${path}.${number + 1}`);
  }
  copyFileSync(path, `${path}.1`);
  truncateSync(path, 0);
}

/** Looks at the sizes every few seconds until `stop`. Does not keep the process alive. */
export function watchLogs(paths: () => readonly string[]): { stop(): void } {
  const rotateAll = () => {
    for (const path of paths()) rotateLog(path);
  };
  const timer = setInterval(rotateAll, cliLimits.logCheckMs).unref();
  return { stop: () => clearInterval(timer) };
}

/** The last lines of what was written from `offset` on. */
export function readLogTail(path: string, offset: number): readonly string[] {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return [];
  }
  try {
    const { size } = fstatSync(file);
    const begin = Math.max(Math.min(offset, size), size - cliLimits.shownLogBytes);
    const buffer = Buffer.alloc(size - begin);
    readSync(file, buffer, 0, buffer.length, begin);
    const lines = buffer
      .toString("utf8")
      .split("\n")
      .filter((line) => line.trim() !== "");
    return lines.slice(-cliLimits.shownLogLines);
  } finally {
    closeSync(file);
  }
}

export function logSize(path: string): number {
  return sizeOf(path);
}
