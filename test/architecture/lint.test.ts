/** The lint rules that the repository relies on do report, those that need types included. */
import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inPlantedTree } from "./planted-tree.ts";
import { root } from "./repository.ts";

const source = `
import { vi } from "vitest";
import { other } from "./other.ts";
type Color = "red" | "green";
export async function work(): Promise<void> {}
export function all(color: Color, maybe?: string): number {
  work();
  const loose: any = JSON.parse("1");
  console.log(maybe!.length, process.env["HOME"], other, loose);
  switch (color) {
    case "red":
      return 1;
  }
  return 2;
}
vi.mock("./other.ts");
`;

const planted = {
  "tsconfig.json": JSON.stringify({
    compilerOptions: {
      strict: true,
      target: "es2024",
      module: "nodenext",
      noEmit: true,
      types: [],
    },
    include: ["."],
  }),
  "planted.ts": source,
  "other.ts": 'export { all } from "./planted.ts";\nexport const other = 1;\n',
};

const RULES = [
  "eslint(no-console)",
  "eslint(no-restricted-properties)",
  "import(no-cycle)",
  "node(no-process-env)",
  "typescript(no-explicit-any)",
  "typescript(no-floating-promises)",
  "typescript(no-non-null-assertion)",
  "typescript(switch-exhaustiveness-check)",
];

describe("lint", () => {
  it("reports what the repository forbids", async () => {
    const reported = await inPlantedTree(planted, lint, tmpdir());
    expect(RULES.filter((rule) => !reported.has(rule))).toEqual([]);
  });
});

/** Outside the repository, because oxlint passes over what git ignores. Rules that oxlint reports for a directory; its status is not 0 where there are any. */
function lint(directory: string): Promise<Set<string>> {
  const program = join(root, "node_modules/oxlint/bin/oxlint");
  const configFile = join(root, ".oxlintrc.json");
  const args = [program, "--config", configFile, "--type-aware", "--format", "json"];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: directory }, (error, stdout, stderr) => {
      if (!stdout.trimStart().startsWith("{")) return reject(error ?? new Error(stderr));
      const report = JSON.parse(stdout) as { diagnostics: { code: string }[] };
      return resolve(new Set(report.diagnostics.map(({ code }) => code)));
    });
  });
}
