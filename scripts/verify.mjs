// npm run verify: everything that needs no server. Goes on to the end and fails if any step failed.
import { pathToFileURL } from "node:url";
import { check, printSummary, runTests, step } from "./lib.mjs";

const checks = [
  ["format", "oxfmt", ["--check"]],
  ["lint", "oxlint", ["--type-aware", "--deny-warnings"]],
  ["types", "tsc", ["-b"]],
  [
    "boundaries",
    "depcruise",
    ["--config", ".dependency-cruiser.cjs", "packages", "services", "test"],
  ],
  ["dead code", "knip", ["--no-config-hints"]],
];

/** Each step with its time and its counts; a check counts as one. */
export async function verify() {
  const steps = [];
  for (const [name, tool, args] of checks) {
    steps.push(await step(name, () => check(tool, args)));
  }
  steps.push(await step("unit tests", () => runTests(["unit", "architecture"])));
  return steps;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const steps = await verify();
  printSummary(steps);
  process.exitCode = steps.every(({ failed }) => failed === 0) ? 0 : 1;
}
