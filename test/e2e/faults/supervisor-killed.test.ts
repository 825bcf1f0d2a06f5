/**
 * Scenario: the supervisor is killed while functions run, and NATS, Redis and the database with it.
 * The services notice, and none of them waits for a server that will not come back.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { remainsOf, tracesOf } from "./host-traces.fixture.ts";
import { faultLimits } from "./limits.ts";
import { LightLoad } from "./load.fixture.ts";
import { FaultyStack } from "./stack.fixture.ts";

let stack: FaultyStack;

beforeAll(async () => {
  stack = await FaultyStack.start();
  await stack.deploy("loaded", "export const handler = async () => 'done';");
});
afterAll(() => stack.stop());

/** What each service said last in its log. */
async function lastWords(): Promise<ReadonlySet<string>> {
  const directory = join(stack.paddock.access.dataDirectory, "logs");
  const services = (await readdir(directory)).filter((name) => !isServer(name));
  const logs = await Promise.all(services.map((name) => readFile(join(directory, name), "utf8")));
  return new Set(logs.map((log) => log.trimEnd().split("\n").at(-1) ?? "").map(messageOf));
}

function isServer(logName: string): boolean {
  return ["nats.log", "redis.log", "postgres.log"].includes(logName);
}

function messageOf(line: string): string {
  const entry: unknown = JSON.parse(line);
  return typeof entry === "object" && entry !== null && "msg" in entry ? String(entry.msg) : line;
}

describe("a supervisor that is killed under load", () => {
  it(
    "is followed in order by everything that it started",
    { timeout: faultLimits.testMs },
    async () => {
      const load = new LightLoad(stack, "loaded");
      await load.succeeds();
      const traces = await tracesOf(stack);
      await stack.paddock.kill("SIGKILL");
      load.stop();
      const { dataDirectory } = stack.paddock.access;
      await stack.eventually(async () => {
        expect((await remainsOf(traces, dataDirectory)).processes).toEqual([]);
      });
      expect(await lastWords()).toEqual(new Set(["stopped"]));
      await load.ended();
      await stack.paddock.restart();
      await stack.invoke("loaded");
    },
  );
});
