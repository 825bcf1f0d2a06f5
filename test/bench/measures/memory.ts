import { readdirSync, readFileSync } from "node:fs";
import { benchLimits } from "../lib/limits.ts";
import {
  createFunction,
  deleteFunction,
  invokeOnce,
  lambdaClient,
  type Stack,
} from "../lib/stack.ts";

export interface Memory {
  /** Proportional set size of all of the stack's processes without any function. */
  readonly idleStackMb: number;
  /** Growth of that by one idle environment, pages shared between them counted once. */
  readonly idleEnvironmentMb: number;
}

/** Makes idle environments of one function each and looks at what the whole stack grew by. */
export async function measureMemory(
  stack: Stack,
  runtime: string,
  supervisorPid: number,
): Promise<Memory> {
  const client = lambdaClient(stack);
  const count = benchLimits.idleEnvironments;
  const prefix = `bench-memory-${runtime.replaceAll(".", "-")}`;
  const names = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
  for (const name of names) await createFunction(client, name, runtime);
  const beforeKb = proportionalKb(supervisorPid);
  for (const name of names) await invokeOnce(client, name);
  const afterKb = proportionalKb(supervisorPid);
  for (const name of names) await deleteFunction(client, name);
  return {
    idleStackMb: Math.round(beforeKb / 1024),
    idleEnvironmentMb: Math.round(((afterKb - beforeKb) / 1024 / count) * 10) / 10,
  };
}

/** Sum of Pss over a process and everything it started. */
function proportionalKb(rootPid: number): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (Number.isInteger(pid)) parents.set(pid, parentOf(pid));
  }
  let total = 0;
  for (const pid of parents.keys()) if (descends(pid, rootPid, parents)) total += pssKb(pid);
  return total;
}

function descends(pid: number, rootPid: number, parents: ReadonlyMap<number, number>): boolean {
  for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at)) {
    if (at === rootPid) return true;
  }
  return false;
}

function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return 0;
  }
}

/** Proportional set size of one process, in kB; 0 where it is gone. */
export function pssKb(pid: number): number {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
