/** Every implementation of the sandbox port passes the port's one conformance suite. */
import { describe, expect, it } from "vitest";
import { read, testFiles } from "./repository.ts";

const sandbox = "packages/sandbox/src";

/** What a user can ask for: the members of the port's type. */
function isolations(): string[] {
  const union = /export type Isolation =([^;]+);/.exec(read(`${sandbox}/port.ts`))?.[1] ?? "";
  return [...union.matchAll(/"([a-z]+)"/g)].map(([, name = ""]) => name);
}

/** The functions that make a provider, as the package's door shows them. */
function makers(): string[] {
  const door = read(`${sandbox}/index.ts`);
  return [...door.matchAll(/\bcreate[A-Z]\w*Provider\b/g)].map(([name]) => name);
}

interface SuiteCall {
  readonly name: string | undefined;
  readonly open: string | undefined;
}

/** The suite is called with literal `name` and `open`, one call in a test file. */
function suiteCalls(texts: readonly string[]): SuiteCall[] {
  return texts.flatMap((text) =>
    [...text.matchAll(/^describeConformance\(\{([^}]*)\}/gm)].map(([, given = ""]) => ({
      name: /\bname: "([a-z]+)"/.exec(given)?.[1],
      open: /\bopen: (\w+)/.exec(given)?.[1],
    })),
  );
}

const withoutSuite = (all: readonly string[], tested: readonly (string | undefined)[]): string[] =>
  all.filter((name) => !tested.includes(name));

describe("the sandbox port's conformance suite", () => {
  const files = testFiles().filter((path) => path.startsWith(sandbox));
  const calls = suiteCalls(files.map(read));

  it("is run on every implementation that the package exports", () => {
    expect(makers().length).toBeGreaterThanOrEqual(3);
    const opened = calls.map(({ open }) => open);
    expect(withoutSuite(makers(), opened)).toEqual([]);
    expect(withoutSuite([...makers(), "createNewProvider"], opened)).toEqual(["createNewProvider"]);
  });

  it("is run under every name of isolation that can be asked for, and under no other", () => {
    expect(new Set(calls.map(({ name }) => name))).toEqual(new Set(isolations()));
  });

  it("does not count when a file only mentions it", () => {
    expect(suiteCalls(['// describeConformance({ name: "x", open: createX })'])).toEqual([]);
  });
});

describe("gVisor", () => {
  it("is tested in the version that users are told to install", () => {
    const version = /runscVersion = "(v[^"]+)"/.exec(read("scripts/runsc.mjs"))?.[1];
    expect(version).toBeDefined();
    expect(read(`${sandbox}/gvisor/check.ts`)).toContain(`runsc@${version}`);
  });
});
