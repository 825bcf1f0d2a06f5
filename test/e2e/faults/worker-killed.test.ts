/**
 * Scenario: the worker is killed while it runs an accepted event. The event belongs to the queue and
 * not to the worker, so another attempt runs it, and the ledger shows one end.
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

describe("a worker that is killed in the middle of an asynchronous invocation", () => {
  it(
    "loses nothing: another attempt runs it, to exactly one fate, metered once",
    { timeout: faultLimits.testMs },
    async () => {
      await stack.deploy("sleeper", sleeper);
      const requestId = await stack.accept("sleeper", { sleepMs: 3000 });
      await stack.eventually(async () => {
        const logs = await stack.paddock.cli("logs", "sleeper");
        return logs.includes("began");
      });

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
