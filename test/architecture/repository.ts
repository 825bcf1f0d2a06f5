/** What the architecture tests read: the files of the repository and its package.json files. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));

const SKIPPED = new Set(["node_modules", ".tsbuild", ".git", ".paddock", ".cache", "dist"]);

/** Paths relative to the root of all files below a folder that satisfy the test. */
export function filesBelow(folder: string, wanted: RegExp): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : filesBelow(path, wanted);
    return wanted.test(path) ? [path] : [];
  });
}

export function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** TypeScript and JavaScript of packages and services, tests left out. */
export function sourceFiles(): string[] {
  return codeFiles().filter((path) => !isTest(path) && !path.endsWith(".fixture.ts"));
}

export function testFiles(): string[] {
  return [...codeFiles().filter(isTest), ...filesBelow("test", /\.test\.ts$/)];
}

function codeFiles(): string[] {
  return ["packages", "services"].flatMap((folder) => filesBelow(folder, /\.(ts|tsx|mjs|cjs|js)$/));
}

function isTest(path: string): boolean {
  return path.endsWith(".test.ts");
}

export interface Manifest {
  readonly folder: string;
  readonly name: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}

/** The package.json of the root and of every workspace. */
export function manifests(): Manifest[] {
  const workspaces = ["packages", "services"].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => `${parent}/${name}`),
  );
  return [".", ...workspaces].map((folder) => {
    const content = JSON.parse(read(join(folder, "package.json"))) as Partial<Manifest>;
    const none = { exports: {}, dependencies: {}, devDependencies: {}, optionalDependencies: {} };
    return { ...none, name: "", ...content, folder };
  });
}

export function allDependencies(manifest: Manifest): [string, string][] {
  const { dependencies, devDependencies, optionalDependencies } = manifest;
  return [dependencies, devDependencies, optionalDependencies].flatMap((each) =>
    Object.entries(each),
  );
}

/** Lines of code that match: those of comments left out. */
export function matchingCode(paths: readonly string[], pattern: RegExp): string[] {
  return matchingLines(paths, pattern).filter((line) => !/:\d+ {2}(\/\/|\/?\*)/.test(line));
}

/** `path:line  text` of every line that matches, for a readable failure. */
export function matchingLines(paths: readonly string[], pattern: RegExp): string[] {
  return paths.flatMap((path) =>
    read(path)
      .split("\n")
      .flatMap((line, index) =>
        pattern.test(line) ? [`${path}:${index + 1}  ${line.trim()}`] : [],
      ),
  );
}
