/** Sizes and words that reviews would otherwise have to look for. */
import { describe, expect, it } from "vitest";
import {
  filesBelow,
  matchingCode,
  matchingLines,
  read,
  sourceFiles,
  testFiles,
} from "./repository.ts";

const SOURCE_LINES = 400;
const TEST_LINES = 500;
const MAIN_LINES = 60;
const FILE_MEDIAN_LINES = 130;

const lineCount = (path: string) => read(path).trimEnd().split("\n").length;
const longerThan = (lines: number, paths: readonly string[]) =>
  paths.filter((path) => lineCount(path) > lines).map((path) => `${path}: ${lineCount(path)}`);

/** This folder names what it bans. */
const ownFolder = /^test\/architecture\//;
const isOurs = (path: string) => !ownFolder.test(path);

describe("files", () => {
  it(`of source have at most ${SOURCE_LINES} lines, half of them at most ${FILE_MEDIAN_LINES}`, () => {
    const files = sourceFiles();
    expect(files.length).toBeGreaterThan(50);
    expect(longerThan(SOURCE_LINES, files)).toEqual([]);
    const sorted = files.map(lineCount).sort((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(FILE_MEDIAN_LINES);
  });

  it(`of tests have at most ${TEST_LINES} lines`, () => {
    expect(longerThan(TEST_LINES, testFiles())).toEqual([]);
  });

  it(`that compose a service have at most ${MAIN_LINES} lines`, () => {
    const roots = sourceFiles().filter((path) => /^services\/[^/]+\/src\/main\.ts$/.test(path));
    expect(roots).not.toEqual([]);
    expect(longerThan(MAIN_LINES, roots)).toEqual([]);
  });
});

describe("words", () => {
  const code = [
    ...sourceFiles(),
    ...testFiles(),
    ...filesBelow("scripts", /\.mjs$/),
    ...filesBelow("test", /\.ts$/),
  ].filter(isOurs);

  it("that put work off are in no file", () => {
    expect(matchingLines(code, /\b(TODO|FIXME|XXX|HACK)\b/)).toEqual([]);
  });

  it("that silence a check come with a reason after --", () => {
    const silenced = matchingLines(
      code,
      /(oxlint|eslint)-disable|@ts-(ignore|expect-error|nocheck)/,
    );
    const hasReason = /(oxlint|eslint)-disable[^\n]* -- \S|@ts-expect-error -- \S/;
    expect(silenced.filter((line) => !hasReason.test(line))).toEqual([]);
  });

  it("that leave tests out come with a reason in the line above or beside", () => {
    const unexplained = testFiles()
      .filter(isOurs)
      .flatMap((path) => {
        const lines = read(path).split("\n");
        return lines.flatMap((line, index) => {
          const leavesOut = /\.(only|skip|todo)\(|\.(skipIf|runIf)\(/.test(line);
          // What a running test skips with is its reason: context.skip("the machine has no Go").
          if (/\bcontext\.skip\(\S/.test(line)) return [];
          const isExplained = /\/\/ \S/.test(line) || /^\s*(\/\/|\*)/.test(lines[index - 1] ?? "");
          return leavesOut && !isExplained ? [`${path}:${index + 1}`] : [];
        });
      });
    expect(unexplained).toEqual([]);
  });

  it("that mock our own code are in no test", () => {
    expect(matchingLines(testFiles().filter(isOurs), /\bvi\.(mock|doMock|hoisted)\(/)).toEqual([]);
  });
});

describe("the environment", () => {
  it("is read in one place, by programs that run before it, and to start oneself again", () => {
    const allowed =
      /^packages\/(service-kit\/src\/settings\/|sandbox\/src\/host\/(namespace|programs|runtime-directory)\.ts|cli\/bin\/|runtimes\/(src\/)?bootstraps?\/|testkit\/)/;
    const files = sourceFiles().filter((path) => !allowed.test(path));
    expect(matchingCode(files, /\bprocess\.env\b/)).toEqual([]);
  });
});
