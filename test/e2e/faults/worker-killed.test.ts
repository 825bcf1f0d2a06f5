/**
 * Scenario: the worker is killed while it runs a function. An accepted event belongs to the queue
 * and not to the worker, so another attempt runs it; a caller who waits is told. The ledger shows
 * every attempt once, and one end.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { faultLimits } from "./limits.ts";
import { FaultyStack } from "./stack.fixture.ts";

let stack: FaultyStack;

beforeAll(async () => {
  stack = await FaultyStack.start();
});
afterAll(() => stack.stop());

const sleeper = `
export const handler = async ({ sleepMs }) => {
  console.log("began");
  await new Promise((resolve) => setTimeout(resolve, sleepMs));
  return "slept";
};
`;

async function untilBegun(functionName: string): Promise<void> {
  await stack.eventually(async () => {
    const logs = await stack.paddock.cli("logs", functionName);
    return logs.includes("began");
  });
}

describe("a worker that is killed in the middle of an asynchronous invocation", () => {
  it(
    "loses nothing: another attempt runs it, to exactly one fate, metered once",
    { timeout: faultLimits.testMs },
    async () => {
      await stack.deploy("sleeper", sleeper);
      const requestId = await stack.accept("sleeper", { sleepMs: 3000 });
      await untilBegun("sleeper");

      const killed = await stack.kill("worker");
      await stack.runsAgain("worker", killed);

      const { invocation, attempts } = await stack.untilDecided(requestId);
      expect(invocation).toMatchObject({ state: "succeeded", fate: "succeeded" });
      expect(attempts).toMatchObject([
        { attempt: 1, outcome: "platform-error", errorType: "Worker.Lost", billedMs: 0 },
        { attempt: 2, outcome: "succeeded" },
      ]);
      const onRecord = await stack.invocations("sleeper");
      expect(onRecord.map((entry) => entry.requestId)).toEqual([requestId]);
      // Nobody pays for what the platform broke.
      const { total } = await stack.usage("sleeper");
      expect(total).toMatchObject({ requests: 1, billedMs: attempts[1]?.billedMs });
    },
  );
});

describe("a worker that is killed in the middle of a synchronous invocation", () => {
  it(
    "keeps nobody waiting: the caller is told, and the attempt is on record, unbilled",
    { timeout: faultLimits.testMs },
    async () => {
      await stack.deploy("waited-for", sleeper);
      const answer = stack.invoke("waited-for", { sleepMs: 4000 });
      answer.catch(() => undefined);
      await untilBegun("waited-for");
      const killed = await stack.kill("worker");
      await expect(answer).rejects.toMatchObject({
        name: "ServiceException",
        message: "The worker that had the invocation was lost. The function may have run.",
      });
      await stack.runsAgain("worker", killed);

      await stack.eventually(async () => {
        const [onRecord, ...others] = await stack.invocations("waited-for");
        expect(others).toEqual([]);
        expect(onRecord).toMatchObject({ state: "failed", errorType: "Worker.Lost" });
        const { attempts } = await stack.detail(onRecord?.requestId ?? "");
        expect(attempts).toMatchObject([{ attempt: 1, outcome: "platform-error", billedMs: 0 }]);
        // The worker's own word, from its journal, has taken the place of the gateway's.
        expect(attempts[0]?.workerId).not.toBe("unknown");
      });
      expect((await stack.usage("waited-for")).total).toMatchObject({ requests: 0 });
      await stack.eventually(() => stack.invoke("waited-for", { sleepMs: 1 }));
    },
  );
});
