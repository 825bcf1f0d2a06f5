import type { Asynchronous } from "../measures/asynchronous.ts";
import type { Baseline } from "../measures/baseline.ts";
import type { Memory } from "../measures/memory.ts";
import type { Warm } from "../measures/warm.ts";
import type { Latency } from "./statistics.ts";

export interface Report {
  readonly date: string;
  readonly machine: {
    readonly cores: number;
    readonly memoryGb: number;
    readonly kernel: string;
    readonly node: string;
  };
  readonly baseline: Baseline;
  readonly warm: Warm;
  readonly cold: Record<string, Latency>;
  readonly asynchronous: Asynchronous;
  readonly memory: Record<string, Memory>;
}

export function printReport(report: Report): void {
  const { baseline, warm, asynchronous } = report;
  const rows: string[][] = [
    ["measure", "Paddock", "bare Node HTTP", "ratio"],
    row("warm p50, c=1 (ms)", warm.c1.p50Ms, baseline.c1.p50Ms),
    row("warm p99, c=1 (ms)", warm.c1.p99Ms, baseline.c1.p99Ms),
    row("warm p99, c=32 (ms)", warm.c32.p99Ms, baseline.c32.p99Ms),
    row("throughput, c=32 (/s)", warm.c32PerSecond, baseline.c32PerSecond),
  ];
  for (const [runtime, cold] of Object.entries(report.cold)) {
    rows.push(row(`cold p50, ${runtime} (ms)`, cold.p50Ms, baseline.c1.p50Ms));
    rows.push(row(`cold p99, ${runtime} (ms)`, cold.p99Ms, baseline.c1.p99Ms));
  }
  const { httpAcceptedPerSecond, natsAcceptedPerSecond, ranPerSecond } = asynchronous;
  rows.push(row("async accepted, HTTP (/s)", httpAcceptedPerSecond, baseline.c32PerSecond));
  rows.push(row("async accepted, NATS (/s)", natsAcceptedPerSecond, baseline.c32PerSecond));
  rows.push(row("async run to the end (/s)", ranPerSecond, baseline.c32PerSecond));
  for (const [runtime, memory] of Object.entries(report.memory)) {
    const name = `idle environment, ${runtime}, PSS (MB)`;
    rows.push(row(name, memory.idleEnvironmentMb, baseline.memoryMb));
    rows.push(row("whole stack without it, PSS (MB)", memory.idleStackMb, baseline.memoryMb));
  }
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((r) => r[column]?.length ?? 0)));
  for (const cells of rows) {
    const line = cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("   ");
    process.stdout.write(`${line.trimEnd()}\n`);
  }
}

function row(name: string, ours: number, bare: number): string[] {
  return [name, String(ours), String(bare), (ours / bare).toFixed(2)];
}
