/** Every cold start is explained on its invocation's record: why there was one, and where the time went. */
import {
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import type { ColdStart } from "@paddock/contracts";
import type { AttemptDetail, InvocationDetail, StatusReport } from "@paddock/contracts/admin";
import { buildZip, eventually, startPaddock, type TestPaddock } from "@paddock/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLambdaUser, type LambdaUser } from "../support/lambda-user.ts";

let paddock: TestPaddock;
let user: LambdaUser;

beforeAll(async () => {
  paddock = await startPaddock({ settings: { "idle-environment-timeout-seconds": "4" } });
  user = createLambdaUser(paddock.access);
});
afterAll(() => paddock.stop());

const source = (body: string): Record<string, string> => ({
  "index.mjs": `export const handler = async (event) => { ${body} };`,
});

/** The invocation's first attempt, once it is on record. */
async function attemptOf(requestId: string): Promise<AttemptDetail> {
  return eventually(
    async () => {
      const text = await paddock.cli("invocations", "show", requestId, "--json");
      const [attempt] = (JSON.parse(text) as InvocationDetail).attempts;
      if (attempt === undefined) throw new Error("no attempt yet");
      return attempt;
    },
    { timeoutMs: 20_000, intervalMs: 100 },
  );
}

async function coldStartOf(requestId: string): Promise<ColdStart | undefined> {
  return (await attemptOf(requestId)).coldStart;
}

async function environments(): Promise<StatusReport["environments"]> {
  const status = JSON.parse(await paddock.cli("status", "--json")) as StatusReport;
  return status.environments;
}

/** An environment that lost its process is busy for a moment longer than its caller. */
async function untilNothingRuns(): Promise<void> {
  await eventually(async () => expect(await environments()).toMatchObject({ busy: 0 }));
}

describe("the record of a cold start says", () => {
  it("that it was the first request, and where the time went", async () => {
    const name = await user.createFunction({ files: source("return 1;") });
    const { requestId } = await user.invoke(name);
    const attempt = await attemptOf(requestId);
    expect(attempt.coldStart?.kind).toBe("first-request");
    expect(attempt.coldStart?.phases?.initMs).toBe(attempt.initMs);
    expect(attempt.coldStartSentence).toContain("first request");
    const shown = await paddock.cli("invocations", "show", requestId);
    expect(shown).toContain("cold start of attempt 1: The first request");
    expect(shown).toMatch(/acquire [\d.]+ ms · .*init [\d.]+ ms/);
    expect((await attemptOf((await user.invoke(name)).requestId)).coldStart).toBeUndefined();
  });

  it("how many environments there were when one more was needed", async () => {
    const pause = "await new Promise((done) => setTimeout(done, event.ms)); return 1;";
    const name = await user.createFunction({ files: source(pause) });
    await user.invoke(name, { ms: 1 });
    const first = user.invoke(name, { ms: 3000 });
    await eventually(async () => expect(await environments()).toMatchObject({ busy: 1 }));
    const { requestId } = await user.invoke(name, { ms: 1 });
    expect(await coldStartOf(requestId)).toMatchObject({
      kind: "scale-up",
      environmentsBefore: 1,
    });
    expect((await first).functionError).toBeUndefined();
  }, 30_000);

  it("that the code or the configuration is new", async () => {
    const name = await user.createFunction({ files: source("return 1;") });
    await user.invoke(name);
    const ZipFile = await buildZip(source("return 2;"));
    await user.client.send(new UpdateFunctionCodeCommand({ FunctionName: name, ZipFile }));
    await user.untilActive(name);
    const newCode = await user.invoke(name);
    expect(newCode.json).toBe(2);
    expect(await coldStartOf(newCode.requestId)).toMatchObject({
      kind: "new-configuration",
      changed: "code",
    });
    await user.client.send(
      new UpdateFunctionConfigurationCommand({ FunctionName: name, Timeout: 9 }),
    );
    await user.untilActive(name);
    expect(await coldStartOf((await user.invoke(name)).requestId)).toMatchObject({
      kind: "new-configuration",
      changed: "configuration",
    });
  }, 30_000);

  it("that a time-out or a crash took the process before", async () => {
    const body =
      "if (event.exit) process.exit(1); if (event.hang) await new Promise((done) => setTimeout(done, 9000)); return 1;";
    const name = await user.createFunction({ files: source(body), Timeout: 1 });
    await user.invoke(name);
    expect((await user.invoke(name, { hang: true })).json.errorType).toBe("Sandbox.Timedout");
    await untilNothingRuns();
    const afterHang = await attemptOf((await user.invoke(name)).requestId);
    expect(afterHang.coldStart).toMatchObject({ kind: "reset", after: "timed-out" });
    expect(afterHang.coldStart?.phases?.bootMs).toBeGreaterThan(0);
    await user.invoke(name, { exit: true });
    await untilNothingRuns();
    expect(await coldStartOf((await user.invoke(name)).requestId)).toMatchObject({
      kind: "reset",
      after: "crashed",
    });
  }, 30_000);

  it("when the environment before was given up, after how long, and why", async () => {
    const name = await user.createFunction({ files: source("return 1;") });
    const before = await attemptOf((await user.invoke(name)).requestId);
    const given = { busy: 0, idle: 0, starting: 0 };
    await eventually(async () => expect(await environments()).toMatchObject(given), {
      timeoutMs: 20_000,
    });
    const { coldStart, coldStartSentence } = await attemptOf((await user.invoke(name)).requestId);
    expect(coldStart).toMatchObject({ kind: "evicted", eviction: { cause: "idle" } });
    expect(coldStart?.eviction?.idleMs).toBeGreaterThanOrEqual(4000);
    expect(coldStart?.eviction?.atMs).toBeGreaterThan(before.finishedAtMs);
    expect(coldStartSentence).toMatch(/ended at 20\d\d-.* UTC after \d+ s without work\./);
  }, 60_000);
});
