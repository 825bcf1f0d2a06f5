import { randomUUID } from "node:crypto";
import type {
  AsyncInvocation,
  FunctionRecord,
  SyncInvocation,
  Target,
  VersionRecord,
  WorkerStatus,
} from "@paddock/contracts";
import type { FunctionLookup } from "./ports.ts";

/** Records as control would write them, for tests. */

export function targetOf(functionName: string, configId = "c1"): Target {
  return { functionName, version: "$LATEST", configId };
}

export function asyncInvocation(over: Partial<AsyncInvocation> = {}): AsyncInvocation {
  return {
    requestId: randomUUID(),
    functionName: "hello",
    invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:hello",
    trigger: "invoke-api",
    traceHeader: "Root=1-0-0",
    acceptedAtMs: Date.now(),
    ...over,
  };
}

export function syncInvocation(functionName: string): SyncInvocation {
  return {
    ...asyncInvocation({ functionName }),
    target: targetOf(functionName),
    wantsLogTail: false,
    triedWorkerIds: [],
    expiresAtMs: Date.now() + 60_000,
  };
}

/** What a worker says of its environments of one target. */
export function environmentsOf(
  target: Target,
  over: Partial<WorkerStatus["environments"][number]> = {},
): WorkerStatus["environments"][number] {
  const none = { starting: 0, busy: 0, idle: 0, frozen: 0 };
  const past = { newestIdleMs: 0, oldestIdleMs: 0, uses: 0, peakBusy: 0, startMs: 0 };
  return { target, ...none, ...past, ...over };
}

export function workerStatus(
  workerId: string,
  environments: WorkerStatus["environments"] = [],
  over: Partial<WorkerStatus> = {},
): WorkerStatus {
  return {
    workerId,
    hostName: "host",
    pid: 1,
    isolation: "process",
    runtimes: ["nodejs24.x"],
    startedAtMs: 0,
    sentAtMs: 0,
    memoryCapacityMb: 1024,
    memoryGrantedMb: 0,
    memoryUsedMb: 0,
    memoryUseLimitMb: 1024,
    prebooted: 0,
    draining: false,
    environments,
    evictions: [],
    ...over,
  };
}

export function lookup(
  functions: readonly FunctionRecord[],
  versions: readonly VersionRecord[],
): FunctionLookup {
  return {
    functions: () => functions,
    arrived: async () => false,
    currentTarget: (target) => target,
    getFunction: (name) => functions.find((each) => each.functionName === name),
    getVersion: (name, version) =>
      versions.find((each) => each.functionName === name && each.version === version),
  };
}
