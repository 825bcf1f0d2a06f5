import { benchLimits } from "../lib/limits.ts";
import { runLoad } from "../lib/raw-client.ts";
import {
  createFunction,
  deleteFunction,
  lambdaClient,
  signedInvoke,
  type Stack,
} from "../lib/stack.ts";
import { type Latency, latencyOf } from "../lib/statistics.ts";

/** Request to whole answer of functions that have no environment: each is invoked once, one every quarter second. */
export async function measureCold(stack: Stack, runtime: string): Promise<Latency> {
  const client = lambdaClient(stack);
  const prefix = `bench-cold-${runtime.replaceAll(".", "-")}`;
  const names = Array.from({ length: benchLimits.coldStarts }, (_, index) => `${prefix}-${index}`);
  for (const name of names) await createFunction(client, name, runtime);
  const samplesMs: number[] = [];
  for (const name of names) {
    const {
      samplesMs: one,
      errors,
      firstError,
    } = await runLoad({
      host: stack.host,
      port: stack.port,
      request: signedInvoke(stack, name),
      connections: 1,
      durationMs: 30_000,
      maxRequests: 1,
    });
    if (errors > 0) throw new Error(`${name}: ${firstError ?? ""}`);
    samplesMs.push(...one);
    await new Promise((resolve) => setTimeout(resolve, benchLimits.coldStartPauseMs));
  }
  for (const name of names) await deleteFunction(client, name);
  return latencyOf(samplesMs);
}
