/**
 * Scenario: the control service and the database stand still (SIGSTOP: they neither answer nor close
 * their connections, which is harder on others than being gone). The data plane needs neither.
 */
import { descendantsOf } from "@paddock/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { faultLimits } from "./limits.ts";
import { FaultyStack } from "./stack.fixture.ts";

let stack: FaultyStack;
const stopped: number[] = [];

beforeAll(async () => {
  stack = await FaultyStack.start();
  await stack.deploy("warm", "export const handler = async () => 'done';");
  await stack.deploy("never-run", "export const handler = async () => 'done';");
});
afterAll(async () => {
  resume();
  await stack.stop();
});

async function stand(name: "control" | "postgres"): Promise<void> {
  const { pid } = await stack.processOf(name);
  for (const each of [pid, ...(await descendantsOf(pid))]) {
    process.kill(each, "SIGSTOP");
    stopped.push(each);
  }
}

function resume(): void {
  for (const pid of stopped.splice(0)) process.kill(pid, "SIGCONT");
}

describe("with control and the database standing still", () => {
  it(
    "deployed functions go on, and what they cost is on record later",
    { timeout: faultLimits.testMs },
    async () => {
      const { requestId: before } = await stack.invoke("warm");
      await stack.untilRecorded(before);
      await stand("control");
      await stand("postgres");

      const warm = await stack.invoke("warm");
      const cold = await stack.invoke("never-run");
      const event = await stack.accept("warm");
      const restarted = await Promise.all(
        (["gateway", "router", "worker"] as const).map(async (name) => ({
          name,
          killed: await stack.kill(name),
        })),
      );
      for (const { name, killed } of restarted) await stack.runsAgain(name, killed);
      const afterwards = await stack.eventually(() => stack.invoke("warm"));

      resume();
      for (const { requestId } of [warm, cold, afterwards]) await stack.untilRecorded(requestId);
      expect((await stack.untilDecided(event)).invocation.fate).toBe("succeeded");
    },
  );
});
