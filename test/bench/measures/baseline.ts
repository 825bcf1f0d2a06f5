import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { benchLimits } from "../lib/limits.ts";
import { runLoadInProcess } from "../lib/load-process.ts";
import { type Latency, latencyOf } from "../lib/statistics.ts";
import { pssKb } from "./memory.ts";

export interface Baseline {
  readonly c1: Latency;
  readonly c32: Latency;
  readonly c32PerSecond: number;
  /** Proportional set size of the server, unloaded. */
  readonly memoryMb: number;
}

/** A bare Node HTTP server under the same client, in the same run. */
export async function measureBaseline(runMs: number = benchLimits.runMs): Promise<Baseline> {
  const { server, port } = await startServer();
  try {
    const memoryMb = Math.round((pssKb(server.pid ?? 0) / 1024) * 10) / 10;
    const common = {
      host: "127.0.0.1",
      port,
      request:
        "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
    };
    await runLoadInProcess({
      ...common,
      connections: 1,
      durationMs: Math.min(runMs, benchLimits.warmUpMs),
    });
    const c1 = await runLoadInProcess({ ...common, connections: 1, durationMs: runMs });
    const c32 = await runLoadInProcess({
      ...common,
      connections: benchLimits.connections,
      durationMs: runMs,
    });
    return {
      c1: latencyOf(c1.samplesMs),
      c32: latencyOf(c32.samplesMs),
      c32PerSecond: Math.round((c32.samplesMs.length / c32.elapsedMs) * 1000),
      memoryMb,
    };
  } finally {
    server.kill();
  }
}

function startServer(): Promise<{ server: ChildProcess; port: number }> {
  return new Promise((resolve, reject) => {
    const server = fork(join(import.meta.dirname, "../lib/baseline-server.ts"));
    server.once("message", ({ port }: { port: number }) => resolve({ server, port }));
    server.once("exit", (code) => reject(new Error(`the baseline ended with ${String(code)}`)));
  });
}
