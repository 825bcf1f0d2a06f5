/**
 * Scenario: Paddock ends, by Ctrl-C or by kill -9 of its parts, with functions warm and booted
 * ahead. Afterwards the machine is as if it had never run.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type HostTraces,
  nothing,
  type Remains,
  remainsOf,
  tracesOf,
} from "./host-traces.fixture.ts";
import { faultLimits } from "./limits.ts";
import { FaultyStack } from "./stack.fixture.ts";

let stack: FaultyStack;

beforeAll(async () => {
  stack = await FaultyStack.start();
  await stack.deploy("warm", "export const handler = async () => 'done';");
});
afterAll(() => stack.stop());

/** Of a stack with an environment that has run something. */
async function tracesWhileWarm(): Promise<HostTraces> {
  await stack.invoke("warm");
  const traces = await tracesOf(stack);
  // Otherwise finding nothing afterwards would prove nothing.
  const remains = await remainsOf(traces, stack.paddock.access.dataDirectory);
  expect(remains.processes.length).toBeGreaterThan(0);
  expect(remains.namespaces.some((name) => name.startsWith("net:"))).toBe(true);
  expect(remains.namespaces.some((name) => name.startsWith("mnt:"))).toBe(true);
  expect(remains.controlGroups.length).toBeGreaterThan(0);
  expect(remains.directories).toHaveLength(1);
  return traces;
}

/** What is still there once everything has had its time to go, for each of them. */
async function leftBy(...all: readonly HostTraces[]): Promise<readonly Remains[]> {
  const { dataDirectory } = stack.paddock.access;
  const look = () => Promise.all(all.map((traces) => remainsOf(traces, dataDirectory)));
  const isNothing = (remains: Remains) =>
    Object.values(remains).every(({ length }) => length === 0);
  await stack.eventually(async () => (await look()).every(isNothing)).catch(() => undefined);
  return look();
}

describe("what Paddock leaves on the machine", () => {
  it("is nothing after Ctrl-C", { timeout: faultLimits.testMs }, async () => {
    const traces = await tracesWhileWarm();
    await stack.paddock.kill("SIGINT");
    expect(await leftBy(traces)).toEqual([nothing]);
    await stack.paddock.restart();
  });

  it(
    "is nothing after kill -9 of the worker and Ctrl-C",
    { timeout: faultLimits.testMs },
    async () => {
      const first = await tracesWhileWarm();
      await stack.runsAgain("worker", await stack.kill("worker"));
      const second = await tracesWhileWarm();
      await stack.paddock.kill("SIGINT");
      expect(await leftBy(first, second)).toEqual([nothing, nothing]);
      await stack.paddock.restart();
    },
  );

  it(
    "is nothing after kill -9 of the supervisor, the next start and Ctrl-C",
    { timeout: faultLimits.testMs },
    async () => {
      const first = await tracesWhileWarm();
      await stack.paddock.kill("SIGKILL");
      await stack.paddock.restart();
      const second = await tracesWhileWarm();
      await stack.paddock.kill("SIGINT");
      expect(await leftBy(first, second)).toEqual([nothing, nothing]);
      await stack.paddock.restart();
    },
  );

  it(
    "is nothing after kill -9 of worker and supervisor together, the next start and Ctrl-C",
    { timeout: faultLimits.testMs },
    async () => {
      const first = await tracesWhileWarm();
      await stack.kill("worker");
      await stack.paddock.kill("SIGKILL");
      await stack.paddock.restart();
      const second = await tracesWhileWarm();
      await stack.paddock.kill("SIGINT");
      expect(await leftBy(first, second)).toEqual([nothing, nothing]);
    },
  );
});
