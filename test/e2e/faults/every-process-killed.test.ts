/**
 * Scenario: every process of the stack is killed in turn while functions are being invoked. The
 * supervisor starts that one again, alone; what was accepted ends well and is metered.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { faultLimits } from "./limits.ts";
import { LightLoad } from "./load.fixture.ts";
import { FaultyStack, type ProcessName, processNames } from "./stack.fixture.ts";

let stack: FaultyStack;
const loads = new Map<ProcessName, LightLoad>();

beforeAll(async () => {
  stack = await FaultyStack.start();
});
afterAll(() => stack.stop());

/** The fates and the usage of everything that callers were told to be in good hands. */
async function everythingIsOnRecord(functionName: string, load: LightLoad): Promise<void> {
  await stack.eventually(async () => {
    const onRecord = await stack.invocations(functionName);
    const succeeded = new Set(
      onRecord.filter(({ state }) => state === "succeeded").map(({ requestId }) => requestId),
    );
    const missing = [...load.accepted, ...load.answered].filter((id) => !succeeded.has(id));
    const unfinished = onRecord.filter(
      ({ invocationType, fate }) => invocationType === "Event" && fate === undefined,
    );
    expect({ missing, unfinished }).toEqual({ missing: [], unfinished: [] });
  });
}

/** Every succeeded attempt once, under its own number, and all of them in the bill. */
async function everyAttemptIsMeteredOnce(functionName: string): Promise<void> {
  await stack.eventually(async () => {
    const onRecord = await stack.invocations(functionName);
    const details = await Promise.all(onRecord.map(({ requestId }) => stack.detail(requestId)));
    for (const { invocation, attempts } of details) {
      const numbers = attempts.map(({ attempt }) => attempt);
      expect(numbers).toEqual([...new Set(numbers)]);
      if (invocation.state === "succeeded") {
        expect(attempts.map(({ outcome }) => outcome)).toContain("succeeded");
      }
    }
    const billed = details
      .flatMap(({ attempts }) => attempts)
      .filter(({ outcome }) => outcome !== "platform-error");
    expect((await stack.usage(functionName)).total.requests).toBe(billed.length);
  });
}

/**
 * In two rounds, because what a killed process had in its hands comes back only after a while (an
 * unacknowledged message after 30 s, a caller's error after the gateway's bound): it does so while
 * the others are being killed.
 */
describe("a process that is killed under load", () => {
  it.each(processNames)(
    "is started again alone, and work goes on: %s",
    { timeout: faultLimits.testMs },
    async (name) => {
      const functionName = `under-load-${name}`;
      await stack.deploy(functionName, "export const handler = async () => 'done';");
      const before = await stack.processes();
      const load = new LightLoad(stack, functionName);
      loads.set(name, load);
      try {
        await load.succeeds();
        const killed = await stack.kill(name);
        await stack.runsAgain(name, killed);
        await load.succeeds();
      } finally {
        load.stop();
      }
      const after = await stack.processes();
      expect({ ...after, [name]: undefined }).toEqual({ ...before, [name]: undefined });
    },
  );

  it.each(processNames)(
    "leaves no caller unanswered, nothing accepted lost, nothing metered twice: %s",
    { timeout: faultLimits.testMs },
    async (name) => {
      const load = loads.get(name);
      if (load === undefined) throw new Error(`${name} was not killed`);
      await load.ended();
      expect(load.unanswered).toEqual([]);
      expect(load.accepted.size).toBeGreaterThan(0);
      await everythingIsOnRecord(`under-load-${name}`, load);
      await everyAttemptIsMeteredOnce(`under-load-${name}`);
    },
  );
});
