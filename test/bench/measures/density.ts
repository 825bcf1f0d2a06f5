import { statusReportSchema } from "@paddock/contracts/admin";
import { descendantsOf, eventually, type TestPaddock } from "@paddock/testkit";
import { benchLimits } from "../lib/limits.ts";
import {
  createFunction,
  deleteFunction,
  invokeOnce,
  lambdaClient,
  readAdmin,
} from "../lib/stack.ts";
import { pssKb } from "./memory.ts";

export interface Density {
  readonly environments: number;
  /** Of all processes of one idle environment, those that isolate it included. */
  readonly environmentMb: number;
  readonly processesEach: number;
}

/**
 * Idle environments of a trivial function each, and nothing booted ahead: the proportional set size
 * of what the worker has started, which counts a page that several processes share once.
 */
export async function measureDensity(paddock: TestPaddock, runtime: string): Promise<Density> {
  const client = lambdaClient(paddock.access);
  const count = benchLimits.densityEnvironments;
  const prefix = `bench-density-${runtime.replaceAll(".", "-")}`;
  const names = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
  for (const name of names) await createFunction(client, name, runtime, { MemorySize: 128 });
  for (const name of names) await invokeOnce(client, name);
  await untilIdle(paddock, count);
  const { worker } = await paddock.processes();
  const pids = await descendantsOf(worker ?? 0);
  const totalKb = pids.reduce((sum, pid) => sum + pssKb(pid), 0);
  for (const name of names) await deleteFunction(client, name);
  await untilIdle(paddock, 0);
  return {
    environments: count,
    environmentMb: Math.round((totalKb / 1024 / count) * 100) / 100,
    processesEach: pids.length / count,
  };
}

/** All of them are there, nothing is busy: they are frozen a moment later. */
function untilIdle({ access }: TestPaddock, count: number): Promise<void> {
  return eventually(
    async () => {
      const { environments } = statusReportSchema.parse(await readAdmin(access, "status"));
      const { busy, idle, starting } = environments;
      if (busy > 0 || starting > 0 || idle !== count) throw new Error(`${idle} are idle`);
    },
    { timeoutMs: benchLimits.settleMs },
  );
}
