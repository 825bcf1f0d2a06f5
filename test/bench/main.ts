/**
 * `npm run bench`: starts a Paddock of its own on free ports, measures, prints each figure beside a
 * bare Node HTTP server of the same run, and writes test/bench/results/<date>.json.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import { statusReportSchema } from "@paddock/contracts/admin";
import { startPaddock } from "@paddock/testkit";
import { printReport, type Report } from "./lib/report.ts";
import type { Stack } from "./lib/stack.ts";
import { measureAsynchronous } from "./measures/asynchronous.ts";
import { measureBaseline } from "./measures/baseline.ts";
import { measureCold } from "./measures/cold.ts";
import { measureMemory } from "./measures/memory.ts";
import { measureWarm } from "./measures/warm.ts";

const coldRuntimes = ["nodejs24.x", "nodejs22.x", "nodejs20.x"];

const paddock = await startPaddock({ settings: { "sandbox-network": "egress" } });

/** The newest that the machine has. */
async function pythonRuntime(stack: Stack): Promise<string | undefined> {
  const answer = await fetch(`http://${stack.host}:${stack.port}/_paddock/api/status`, {
    headers: { authorization: `Bearer ${stack.adminToken}` },
  });
  const { runtimes } = statusReportSchema.parse(await answer.json());
  const minor = (runtime: string): number => Number(runtime.split(".")[1]);
  return runtimes
    .filter((runtime) => runtime.startsWith("python"))
    .toSorted((a, b) => minor(a) - minor(b))
    .at(-1);
}

try {
  const stack = paddock.access;
  const python = await pythonRuntime(stack);
  const baseline = await measureBaseline();
  const warm = await measureWarm(stack);
  const cold: Report["cold"] = {};
  for (const runtime of [...coldRuntimes, ...(python === undefined ? [] : [python])]) {
    cold[runtime] = await measureCold(stack, runtime);
  }
  const asynchronous = await measureAsynchronous(stack);
  const memory: Report["memory"] = {};
  for (const runtime of ["nodejs24.x", ...(python === undefined ? [] : [python])]) {
    memory[runtime] = await measureMemory(stack, runtime, paddock.pid ?? 0);
  }
  const report: Report = {
    date: new Date().toISOString(),
    machine: {
      cores: cpus().length,
      memoryGb: Math.round(totalmem() / 1024 ** 3),
      kernel: release(),
      node: process.version,
    },
    baseline,
    warm,
    cold,
    asynchronous,
    memory,
  };
  printReport(report);
  const directory = join(import.meta.dirname, "results");
  mkdirSync(directory, { recursive: true });
  const path = join(directory, `${report.date.slice(0, 19).replaceAll(":", "-")}.json`);
  writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(`\nwritten to ${path}\n`);
} finally {
  await paddock.stop();
}
