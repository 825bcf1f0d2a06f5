/** An event's whole way: accepted, run, retried, on record with one fate, metered once an attempt. */
import type { InvocationDetail, UsageReport } from "@paddock/contracts/admin";
import { eventually, startPaddock, type TestPaddock } from "@paddock/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLambdaUser, type LambdaUser } from "../support/lambda-user.ts";

let paddock: TestPaddock;
let user: LambdaUser;

beforeAll(async () => {
  paddock = await startPaddock({ settings: { "async-retry-delays-seconds": "1,1" } });
  user = createLambdaUser(paddock.access);
});
afterAll(() => paddock.stop());

/** What is on record of an invocation once it has its fate. */
async function ended(requestId: string): Promise<InvocationDetail> {
  return eventually(
    async () => {
      const text = await paddock.cli("invocations", "show", requestId, "--json");
      const detail = JSON.parse(text) as InvocationDetail;
      expect(detail.invocation.fate).toBeDefined();
      expect(detail.attempts).toHaveLength(detail.invocation.attempts);
      return detail;
    },
    { timeoutMs: 40_000, intervalMs: 250 },
  );
}

async function usage(functionName: string): Promise<UsageReport> {
  return JSON.parse(
    await paddock.cli("usage", "--function", functionName, "--json"),
  ) as UsageReport;
}

describe("an event", () => {
  it("that its function handles has succeeded after one attempt, with its log", async () => {
    const files = { "index.mjs": "export const handler = async (e) => console.log('got', e.n);" };
    const name = await user.createFunction({ files });
    const requestId = await user.send(name, { n: 7 });
    const { invocation, attempts, logLines } = await ended(requestId);
    expect(invocation).toMatchObject({
      functionName: name,
      invocationType: "Event",
      state: "succeeded",
      fate: "succeeded",
      attempts: 1,
    });
    expect(attempts[0]).toMatchObject({ attempt: 1, outcome: "succeeded", trigger: "invoke-api" });
    await eventually(async () => {
      const shown = logLines.length > 0 ? logLines : (await ended(requestId)).logLines;
      expect(shown.map(({ message }) => message).join("\n")).toContain("\tINFO\tgot 7");
    });
  });

  it("that fails twice runs a third time under the same id, and succeeds", async () => {
    const name = await user.createFunction({
      files: {
        "index.mjs": `import { appendFileSync, readFileSync } from "node:fs";
          export const handler = async (event, context) => {
            appendFileSync("/tmp/ids", context.awsRequestId + "\\n");
            const ids = readFileSync("/tmp/ids", "utf8").trim().split("\\n");
            if (ids.length < 3) throw new Error("attempt " + ids.length);
            console.log("ids", new Set(ids).size); };`,
      },
    });
    const { invocation, attempts, logLines } = await ended(await user.send(name));
    expect(invocation).toMatchObject({ fate: "succeeded", attempts: 3 });
    expect(attempts.map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
      [1, "function-error"],
      [2, "function-error"],
      [3, "succeeded"],
    ]);
    expect(logLines.map(({ message }) => message).join("\n")).toContain("ids 1");
  });

  it("that always fails has failed after three attempts", async () => {
    const files = { "index.mjs": "export const handler = async () => { throw new Error('no'); };" };
    const name = await user.createFunction({ files });
    const { invocation, attempts } = await ended(await user.send(name));
    expect(invocation).toMatchObject({ state: "failed", fate: "failed", attempts: 3 });
    expect(attempts.map(({ errorMessage }) => errorMessage)).toEqual(["no", "no", "no"]);
  });
});

describe("many events", () => {
  it("are each run, each with one fate and one usage record an attempt", async () => {
    const files = {
      "index.mjs":
        "export const handler = async (e) => { if (e.n % 10 === 0) throw new Error('x'); };",
    };
    const name = await user.createFunction({ files });
    const numbers = Array.from({ length: 200 }, (_, index) => index);
    const ids = await Promise.all(numbers.map((n) => user.send(name, { n })));
    expect(new Set(ids).size).toBe(200);
    await eventually(
      async () => {
        const states = JSON.parse(
          await paddock.cli("invocations", "ls", "--function", name, "--limit", "1000", "--json"),
        ) as { invocations: { fate?: string; requestId: string }[] };
        const fates = states.invocations.map(({ fate }) => fate ?? "none");
        expect(fates.filter((fate) => fate === "succeeded")).toHaveLength(180);
        expect(fates.filter((fate) => fate === "failed")).toHaveLength(20);
      },
      { timeoutMs: 50_000, intervalMs: 500 },
    );
    const { functions } = await usage(name);
    // 180 attempts that succeeded, and three of each of the 20 others.
    expect(functions[0]).toMatchObject({ functionName: name, requests: 240 });
  });
});
