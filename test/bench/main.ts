/**
 * `npm run bench`: starts a Paddock of its own on free ports, measures, prints each figure beside a
 * bare Node HTTP server of the same run, and writes test/bench/results/<date>.json.
 */
import { startPaddock } from "@paddock/testkit";
import { printReport, type Report } from "./lib/report.ts";
import { thisMachine, writeResult } from "./lib/results.ts";
import { newestPython } from "./lib/stack.ts";
import { measureAsynchronous } from "./measures/asynchronous.ts";
import { measureBaseline } from "./measures/baseline.ts";
import { measureCold } from "./measures/cold.ts";
import { measureMemory } from "./measures/memory.ts";
import { measureWarm } from "./measures/warm.ts";

const coldRuntimes = ["nodejs24.x", "nodejs22.x", "nodejs20.x"];

const paddock = await startPaddock({ settings: { "sandbox-network": "egress" } });

try {
  const stack = paddock.access;
  const python = await newestPython(stack);
  const baseline = await measureBaseline();
  const warm = await measureWarm(stack);
  const cold: Report["cold"] = {};
  for (const runtime of [...coldRuntimes, ...(python === undefined ? [] : [python])]) {
    cold[runtime] = (await measureCold(stack, runtime)).latency;
  }
  const asynchronous = await measureAsynchronous(stack);
  const memory: Report["memory"] = {};
  for (const runtime of ["nodejs24.x", ...(python === undefined ? [] : [python])]) {
    memory[runtime] = await measureMemory(stack, runtime, paddock.pid ?? 0);
  }
  const report: Report = {
    date: new Date().toISOString(),
    machine: thisMachine(),
    baseline,
    warm,
    cold,
    asynchronous,
    memory,
  };
  printReport(report);
  process.stdout.write(`\nwritten to ${writeResult(report)}\n`);
} finally {
  await paddock.stop();
}
