/** Scenario: Paddock is stopped, in order or by kill -9, and started again with the same data. */
import { GetFunctionCommand, UpdateFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { faultLimits } from "./limits.ts";
import { FaultyStack } from "./stack.fixture.ts";

let stack: FaultyStack;

/** Fails until its configuration says otherwise: what it was given waits for a retry until then. */
const moody = `
export const handler = async () => {
  if (process.env.MOOD !== "good") throw new Error("not in the mood");
  return "done";
};
`;

beforeAll(async () => {
  // Far enough apart for a stop and a start in between.
  stack = await FaultyStack.start({ "async-retry-delays-seconds": "8,8" });
});
afterAll(() => stack.stop());

describe("a second start with the same data", () => {
  it(
    "finds functions, triggers, the ledger and events that wait for a retry",
    { timeout: faultLimits.testMs },
    async () => {
      await stack.deploy("moody", moody, { MOOD: "bad" });
      await stack.deploy("steady", "export const handler = async () => 'done';");
      await stack.paddock.cli("trigger", "add", "steady", "--nats", "events.orders.>");
      const triggers = await stack.paddock.cli("trigger", "ls", "--json");
      const { requestId } = await stack.invoke("steady");
      await stack.untilRecorded(requestId);
      const [usage, ledger] = [await stack.usage("steady"), await stack.invocations("steady")];
      const steady = await stack.client.send(new GetFunctionCommand({ FunctionName: "steady" }));
      const waiting = await stack.accept("moody");
      await stack.untilRecorded(waiting);
      expect((await stack.detail(waiting)).invocation.state).toBe("retrying");

      await stack.paddock.kill("SIGINT");
      await stack.paddock.restart();

      await stack.client.send(
        new UpdateFunctionConfigurationCommand({
          FunctionName: "moody",
          Environment: { Variables: { MOOD: "good" } },
        }),
      );
      expect(await stack.paddock.cli("trigger", "ls", "--json")).toBe(triggers);
      expect((await stack.usage("steady")).total).toEqual(usage.total);
      expect(await stack.invocations("steady")).toEqual(ledger);
      const found = await stack.client.send(new GetFunctionCommand({ FunctionName: "steady" }));
      expect(found.Configuration).toEqual(steady.Configuration);
      await stack.invoke("steady");

      const { invocation, attempts } = await stack.untilDecided(waiting);
      expect(invocation.fate).toBe("succeeded");
      expect(attempts[0]?.outcome).toBe("function-error");
      expect(attempts.at(-1)?.outcome).toBe("succeeded");
    },
  );

  it(
    "runs what was accepted and not yet begun when everything was killed",
    { timeout: faultLimits.testMs },
    async () => {
      await stack.deploy("later", "export const handler = async () => 'done';");
      const worker = await stack.processOf("worker");
      // Nobody takes anything out of the queue.
      process.kill(worker.pid, "SIGSTOP");
      const accepted = [await stack.accept("later"), await stack.accept("later")];
      for (const { pid } of Object.values(await stack.processes())) process.kill(pid, "SIGKILL");
      await stack.paddock.kill("SIGKILL");
      await stack.paddock.restart();

      for (const requestId of accepted) {
        const { invocation, attempts } = await stack.untilDecided(requestId);
        expect(invocation.fate).toBe("succeeded");
        expect(attempts).toHaveLength(1);
      }
    },
  );
});
