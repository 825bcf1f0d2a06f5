import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cliLimits } from "../limits.ts";
import { logPath, logSize, readLogTail, rotateLog } from "./log-files.ts";

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "paddock-logs-"));
  path = logPath(directory, "router");
});
afterEach(() => rmSync(directory, { recursive: true }));

/** A file that is too long, and begins with the word. */
function fill(word: string): void {
  appendFileSync(path, word);
  truncateSync(path, cliLimits.logFileBytes);
}

describe("a log file", () => {
  it("is left alone while it is short", () => {
    appendFileSync(path, "short");
    rotateLog(path);
    expect(readFileSync(path, "utf8")).toBe("short");
  });

  it("is set aside when it has grown, and no more than the last few are kept", () => {
    for (const word of ["first", "second", "third", "fourth"]) {
      fill(word);
      rotateLog(path);
      expect(logSize(path)).toBe(0);
    }
    const begins = (file: string) => readFileSync(file, "latin1").slice(0, 6);
    expect(begins(`${path}.1`)).toBe("fourth");
    expect(begins(`${path}.2`)).toMatch(/^third/);
    expect(existsSync(`${path}.3`)).toBe(false);
  });

  it("shows the last lines of this start only", () => {
    appendFileSync(path, "of an earlier start\n");
    const offset = logSize(path);
    const lines = Array.from(
      { length: cliLimits.shownLogLines + 5 },
      (_, index) => `line ${index}`,
    );
    appendFileSync(path, `${lines.join("\n")}\n\n`);
    expect(readLogTail(path, offset)).toEqual(lines.slice(5));
    appendFileSync(path, "x".repeat(cliLimits.shownLogBytes * 2));
    expect(readLogTail(path, offset).join("")).toHaveLength(cliLimits.shownLogBytes);
  });

  it("that does not exist has no last lines", () => {
    expect(readLogTail(path, 0)).toEqual([]);
  });
});
