import type { Asynchronous } from "../measures/asynchronous.ts";
import type { Baseline } from "../measures/baseline.ts";
import type { Memory } from "../measures/memory.ts";
import type { Warm } from "../measures/warm.ts";
import type { Machine } from "./results.ts";
import type { Latency } from "./statistics.ts";
import { comparison, comparisonHeader, printTable } from "./table.ts";

export interface Report {
  readonly date: string;
  readonly machine: Machine;
  readonly baseline: Baseline;
  readonly warm: Warm;
  readonly cold: Record<string, Latency>;
  readonly asynchronous: Asynchronous;
  readonly memory: Record<string, Memory>;
}

export function printReport(report: Report): void {
  const { baseline, warm, asynchronous } = report;
  const rows: string[][] = [
    comparisonHeader,
    comparison("warm p50, c=1 (ms)", warm.c1.p50Ms, baseline.c1.p50Ms),
    comparison("warm p99, c=1 (ms)", warm.c1.p99Ms, baseline.c1.p99Ms),
    comparison("warm p99, c=32 (ms)", warm.c32.p99Ms, baseline.c32.p99Ms),
    comparison("throughput, c=32 (/s)", warm.c32PerSecond, baseline.c32PerSecond),
  ];
  for (const [runtime, cold] of Object.entries(report.cold)) {
    rows.push(comparison(`cold p50, ${runtime} (ms)`, cold.p50Ms, baseline.c1.p50Ms));
    rows.push(comparison(`cold p99, ${runtime} (ms)`, cold.p99Ms, baseline.c1.p99Ms));
  }
  const { httpAcceptedPerSecond, natsAcceptedPerSecond, ranPerSecond } = asynchronous;
  rows.push(comparison("async accepted, HTTP (/s)", httpAcceptedPerSecond, baseline.c32PerSecond));
  rows.push(comparison("async accepted, NATS (/s)", natsAcceptedPerSecond, baseline.c32PerSecond));
  rows.push(comparison("async run to the end (/s)", ranPerSecond, baseline.c32PerSecond));
  for (const [runtime, memory] of Object.entries(report.memory)) {
    const name = `idle environment, ${runtime}, PSS (MB)`;
    rows.push(comparison(name, memory.idleEnvironmentMb, baseline.memoryMb));
    rows.push(
      comparison("whole stack without it, PSS (MB)", memory.idleStackMb, baseline.memoryMb),
    );
  }
  printTable(rows);
}
