/** What functions run in, wherever Paddock's own API tells of functions, workers and invocations. */
import { channels } from "@paddock/bus";
import type { Isolation, WorkerStatus } from "@paddock/contracts";
import {
  functionPageSchema,
  functionsPageSchema,
  statusReportSchema,
  workerListSchema,
} from "@paddock/contracts/admin";
import { eventually } from "@paddock/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { adminToken, startTestControl, type TestControl } from "./control.fixture.ts";
import { insertFunctionRow } from "./function-row.fixture.ts";

let control: TestControl;
let again: NodeJS.Timeout | undefined;

/** Two workers say who they are, again and again, as workers do. */
beforeAll(async () => {
  control = await startTestControl();
  for (const name of ["alpha", "beta", "gamma"]) await insertFunctionRow(control.database, name);
  const say = (): void => {
    control.bus.publish(channels.status, { workerId: "worker-a" }, worker("worker-a", "gvisor"));
    control.bus.publish(channels.status, { workerId: "worker-b" }, worker("worker-b", "process"));
  };
  say();
  again = setInterval(say, 500);
});
afterAll(async () => {
  clearInterval(again);
  await control?.stop();
});

function worker(workerId: string, isolation: Isolation): WorkerStatus {
  const counts = { starting: 0, busy: 1, idle: 2, frozen: 1 };
  const history = { newestIdleMs: 1, oldestIdleMs: 2, uses: 3, peakBusy: 1, startMs: 1 };
  const target = { functionName: "beta", version: "$LATEST", configId: "config" };
  return {
    ...{ workerId, isolation, hostName: "here", pid: 1 },
    runtimes: isolation === "process" ? ["nodejs24.x"] : ["nodejs24.x", "python3.13"],
    ...{ startedAtMs: 1, sentAtMs: 1, prebooted: 0, draining: false, evictions: [] },
    ...{ memoryCapacityMb: 1024, memoryGrantedMb: 128, memoryUsedMb: 0, memoryUseLimitMb: 0 },
    environments: [{ target, ...counts, ...history }],
  };
}

async function read<Value>(path: string, schema: { parse(value: unknown): Value }): Promise<Value> {
  const headers = { authorization: `Bearer ${adminToken}` };
  const answer = await fetch(`${control.url}/_paddock/api/${path}`, { headers });
  return schema.parse(await answer.json());
}

describe("what functions run in", () => {
  it("is in the status and beside each worker", async () => {
    await eventually(async () => {
      const { isolations } = await read("status", statusReportSchema);
      expect(isolations).toEqual(["gvisor", "process"]);
    });
    const { workers } = await read("workers", workerListSchema);
    expect(workers.map(({ isolation }) => isolation)).toEqual(["gvisor", "process"]);
  });

  it("is on a function's page: of workers with its runtime, and beside each environment", async () => {
    const counts = { starting: 0, busy: 1, idle: 2, frozen: 1 };
    const place = { version: "$LATEST", hostName: "here", ...counts };
    await eventually(async () => {
      expect(await read("functions/beta", functionPageSchema)).toEqual({
        function: expect.objectContaining({ functionName: "beta", runtime: "nodejs24.x" }),
        isolations: ["gvisor", "process"],
        environments: [
          { ...place, workerId: "worker-a", isolation: "gvisor" },
          { ...place, workerId: "worker-b", isolation: "process" },
        ],
      });
    });
    expect(await read("functions/alpha", functionPageSchema)).toMatchObject({ environments: [] });
  });
});

describe("functions", () => {
  it("are listed by name, in pages", async () => {
    const first = await read("functions?limit=2", functionsPageSchema);
    expect(first.functions.map(({ functionName }) => functionName)).toEqual(["alpha", "beta"]);
    expect(first.nextCursor).toBe("beta");
    const second = await read(`functions?limit=2&cursor=beta`, functionsPageSchema);
    expect(second.functions.map(({ functionName }) => functionName)).toEqual(["gamma"]);
    expect(second.nextCursor).toBeUndefined();
  });

  it("that do not exist are not found", async () => {
    const headers = { authorization: `Bearer ${adminToken}` };
    const answer = await fetch(`${control.url}/_paddock/api/functions/nobody`, { headers });
    expect(answer.status).toBe(404);
  });
});
