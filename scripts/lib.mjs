// Shared by verify.mjs and test.mjs: runs the repository's tools with the repository's Node.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const programs = [join(root, "node_modules/node/bin"), join(root, "node_modules/.bin")];

/** No step takes longer on a working machine; a run that hangs must end and fail. */
const STEP_TIMEOUT_MS = 20 * 60_000;

/** What `timeout` of coreutils gives for the same case. */
const TIMED_OUT = 124;

/** Runs a tool of node_modules/.bin with its output on the terminal; resolves with its status. */
export function run(tool, args) {
  return new Promise((resolve) => {
    const child = spawn(join(root, "node_modules/.bin", tool), args, {
      cwd: root,
      stdio: "inherit",
      env: { ...process.env, PATH: [...programs, process.env.PATH].join(delimiter) },
    });
    let isTooLate = false;
    const timer = setTimeout(() => {
      isTooLate = true;
      console.error(`${tool}: not done after ${STEP_TIMEOUT_MS / 60_000} minutes, ended`);
      child.kill("SIGKILL");
    }, STEP_TIMEOUT_MS);
    child.once("error", (error) => {
      clearTimeout(timer);
      console.error(`${tool}: ${error.message}`);
      resolve(127);
    });
    child.once("exit", (code, signal) => {
      clearTimeout(timer);
      if (isTooLate) resolve(TIMED_OUT);
      else resolve(signal === null ? (code ?? 1) : 128);
    });
  });
}

/** Runs a named step and prints how long it took. */
export async function step(name, work) {
  console.log(`\n── ${name} ──`);
  const startedAt = performance.now();
  const result = await work();
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`── ${name}: ${result.failed === 0 ? "ok" : "FAILED"} in ${seconds} s ──`);
  return { name, seconds, ...result };
}

/** A step that passes or fails as a whole. */
export async function check(tool, args) {
  const status = await run(tool, args);
  return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 };
}

/** Runs vitest projects; the counts are those of vitest's own JSON report. */
export async function runTests(projects) {
  const directory = mkdtempSync(join(tmpdir(), "paddock-report-"));
  const report = join(directory, "report.json");
  const status = await run("vitest", [
    "run",
    ...projects.flatMap((project) => ["--project", project]),
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ]);
  const counts = readReport(report);
  rmSync(directory, { recursive: true, force: true });
  // A run can fail without a failed test: a file that does not load, an error outside any test.
  if (status !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}

function readReport(path) {
  let report;
  try {
    report = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    console.error("vitest wrote no report");
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const unloaded = report.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

export function printSummary(steps) {
  console.log("");
  for (const { name, seconds, failed, skipped } of steps) {
    const more = skipped > 0 ? `, ${skipped} skipped` : "";
    console.log(`${failed === 0 ? "ok    " : "FAILED"} ${name.padEnd(40)} ${seconds} s${more}`);
  }
}
