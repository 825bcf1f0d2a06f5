import { coldStartPhasesSchema } from "@paddock/contracts";
import { invocationDetailSchema, invocationsPageSchema } from "@paddock/contracts/admin";
import { eventually } from "@paddock/testkit";
import { benchLimits } from "../lib/limits.ts";
import { runLoad } from "../lib/raw-client.ts";
import {
  createFunction,
  deleteFunction,
  lambdaClient,
  readAdmin,
  signedInvoke,
  type Stack,
} from "../lib/stack.ts";
import { type Latency, latencyOf } from "../lib/statistics.ts";

export interface ColdStarts {
  /** Request to whole answer. */
  readonly latency: Latency;
  /** Where the time went, as the records say; a phase that a start did not have counts as 0. */
  readonly phases: Record<Phase, Latency>;
  /** Those that found a process that was booted ahead. */
  readonly bootedAhead: number;
}

const phaseNames = ["acquireMs", "bootMs", "bindMs", "initMs"] as const;
type Phase = (typeof phaseNames)[number];

/** Functions that have no environment: each is invoked once, one every quarter second. */
export async function measureCold(stack: Stack, runtime: string): Promise<ColdStarts> {
  const client = lambdaClient(stack);
  const prefix = `bench-cold-${runtime.replaceAll(".", "-")}`;
  const names = Array.from({ length: benchLimits.coldStarts }, (_, index) => `${prefix}-${index}`);
  for (const name of names) await createFunction(client, name, runtime);
  const samplesMs: number[] = [];
  for (const name of names) {
    samplesMs.push(await invokeOnce(stack, name));
    await new Promise((resolve) => setTimeout(resolve, benchLimits.coldStartPauseMs));
  }
  const phases = await Promise.all(names.map((name) => phasesOf(stack, name)));
  for (const name of names) await deleteFunction(client, name);
  return {
    latency: latencyOf(samplesMs),
    phases: Object.fromEntries(
      phaseNames.map((phase) => [phase, latencyOf(phases.map((each) => each[phase] ?? 0))]),
    ) as Record<Phase, Latency>,
    bootedAhead: phases.filter(({ bootMs }) => bootMs === undefined).length,
  };
}

async function invokeOnce(stack: Stack, name: string): Promise<number> {
  const { samplesMs, errors, firstError } = await runLoad({
    host: stack.host,
    port: stack.port,
    request: signedInvoke(stack, name),
    connections: 1,
    durationMs: 30_000,
    maxRequests: 1,
  });
  const [sampleMs] = samplesMs;
  if (errors > 0 || sampleMs === undefined) throw new Error(`${name}: ${firstError ?? ""}`);
  return sampleMs;
}

/** Of the function's only invocation, once it is on record. */
function phasesOf(stack: Stack, functionName: string) {
  return eventually(async () => {
    const list = await readAdmin(stack, `invocations?function=${functionName}&limit=1`);
    const [invocation] = invocationsPageSchema.parse(list).invocations;
    const detail = await readAdmin(stack, `invocations/${invocation?.requestId ?? ""}`);
    const [attempt] = invocationDetailSchema.parse(detail).attempts;
    return coldStartPhasesSchema.parse(attempt?.coldStart?.phases);
  });
}
