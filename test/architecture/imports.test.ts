/**
 * The import direction holds, and the check that says so can fail: every rule of
 * .dependency-cruiser.cjs has a violation planted for it here, and each must be reported.
 */
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inPlantedTree } from "./planted-tree.ts";
import { plantedViolations } from "./planted-violations.ts";
import { root } from "./repository.ts";

interface Cruise {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly {
      readonly rule: { readonly name: string };
      readonly from: string;
      readonly to: string;
    }[];
  };
  readonly modules: readonly {
    readonly source: string;
    readonly dependencies: readonly { readonly resolved: string }[];
  }[];
}

const configuration = createRequire(import.meta.url)(join(root, ".dependency-cruiser.cjs")) as {
  readonly forbidden: readonly { readonly name: string }[];
};

/** Fewer cruised modules than this mean that the cruiser understood nothing of the tree. */
const MODULES_AT_LEAST = 150;

describe("import direction", () => {
  it("holds everywhere, in a cruise that saw the whole tree", async () => {
    const { summary, modules } = await cruise(root);
    expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual(
      [],
    );
    expect(summary.totalCruised).toBeGreaterThan(MODULES_AT_LEAST);
    const testkit = modules.find(({ source }) => source === "packages/testkit/src/servers/nats.ts");
    expect(testkit?.dependencies.map(({ resolved }) => resolved)).toContain(
      "packages/contracts/src/index.ts",
    );
  });

  it("is broken by a planted violation of each rule, and each is reported", async () => {
    const reported = await inPlantedTree(plantedViolations, async (tree) => {
      const { summary } = await cruise(tree);
      return summary.violations.map(({ rule }) => rule.name);
    });
    const rules = configuration.forbidden.map(({ name }) => name);
    expect([...new Set(reported)].sort()).toEqual([...rules].sort());
  });
});

/** The status is not 0 where there are violations; the report is on stdout all the same. */
function cruise(directory: string): Promise<Cruise> {
  const program = join(root, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");
  const folders = directory === root ? ["packages", "services", "test"] : ["packages", "services"];
  const configFile = join(root, ".dependency-cruiser.cjs");
  const args = [program, "--config", configFile, "--output-type", "json", ...folders];
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      args,
      { cwd: directory, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (!stdout.startsWith("{")) reject(error ?? new Error(stderr));
        else resolve(JSON.parse(stdout) as Cruise);
      },
    );
  });
}
