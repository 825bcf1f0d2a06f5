import { benchLimits } from "../lib/limits.ts";
import { runLoadInProcess } from "../lib/load-process.ts";
import {
  createFunction,
  deleteFunction,
  lambdaClient,
  signedInvoke,
  type Stack,
} from "../lib/stack.ts";
import { type Latency, latencyOf } from "../lib/statistics.ts";

export interface Warm {
  readonly c1: Latency;
  readonly c32: Latency;
  readonly c32PerSecond: number;
}

/** Synchronous invocations of a trivial Node function over the signed Lambda API. */
export async function measureWarm(stack: Stack): Promise<Warm> {
  const client = lambdaClient(stack);
  const functionName = "bench-warm";
  await createFunction(client, functionName, "nodejs24.x");
  const common = { host: stack.host, port: stack.port };
  const load = async (connections: number, durationMs: number) => {
    const request = signedInvoke(stack, functionName);
    const result = await runLoadInProcess({ ...common, request, connections, durationMs });
    if (result.errors > 0) throw new Error(`${result.errors} errors: ${result.firstError ?? ""}`);
    return result;
  };
  await load(1, benchLimits.warmUpMs);
  const c1 = await load(1, benchLimits.runMs);
  await load(benchLimits.connections, benchLimits.warmUpMs);
  const c32 = await load(benchLimits.connections, benchLimits.runMs);
  await deleteFunction(client, functionName);
  return {
    c1: latencyOf(c1.samplesMs),
    c32: latencyOf(c32.samplesMs),
    c32PerSecond: Math.round((c32.samplesMs.length / c32.elapsedMs) * 1000),
  };
}
