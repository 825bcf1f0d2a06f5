/**
 * One benchmark as a program: starts a Paddock of its own on free ports, measures it beside a bare
 * Node HTTP server, prints both, writes test/bench/results/<date>-<name>.json, and ends with status
 * 1 when something that has to hold did not.
 */
import { startPaddock, type TestPaddock } from "@paddock/testkit";
import { type Baseline, measureBaseline } from "../measures/baseline.ts";
import { benchLimits } from "./limits.ts";
import { thisMachine, writeResult } from "./results.ts";
import { printTable } from "./table.ts";

export interface Bench<Figures> {
  readonly name: string;
  /** By flag, without the dashes. */
  readonly settings?: Readonly<Record<string, string>>;
  measure(paddock: TestPaddock): Promise<Figures>;
  rows(figures: Figures, baseline: Baseline): string[][];
  /** What has to hold and did not, however noisy the machine is. */
  problems?(figures: Figures): readonly string[];
}

export async function runBench<Figures>(bench: Bench<Figures>): Promise<void> {
  const { name, settings = {} } = bench;
  const paddock = await startPaddock({ settings });
  try {
    const baseline = await measureBaseline(benchLimits.shortRunMs);
    const figures = await bench.measure(paddock);
    const problems = bench.problems?.(figures) ?? [];
    printTable(bench.rows(figures, baseline));
    const date = new Date().toISOString();
    const document = { date, machine: thisMachine(), settings, baseline, figures, problems };
    process.stdout.write(`\nwritten to ${writeResult(document, name)}\n`);
    for (const problem of problems) process.stdout.write(`FAILED: ${problem}\n`);
    if (problems.length > 0) process.exitCode = 1;
  } finally {
    await paddock.stop();
  }
}
