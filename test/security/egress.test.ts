/**
 * Scenario: a whole Paddock on a machine of the test's own, with the network that users get. Functions in
 * Node, in Python and with a bootstrap of their own try to reach the outside, and what they must not.
 */
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Reached } from "./support/network-scenario.ts";
import { addresses, startTestMachine, type TestMachine } from "./support/test-machine.ts";

const scenario = fileURLToPath(new URL("support/network-scenario.ts", import.meta.url));
const outside = [`${addresses.outside}:8080`, "somewhere.example:8080"];
const privateHost = `${addresses.privateHost}:8080`;

let machine: TestMachine;
let reached: Reached;

beforeAll(async () => {
  machine = await startTestMachine();
  const said: Reached = JSON.parse(await machine.run(process.execPath, scenario));
  reached = said;
});
afterAll(() => machine.stop());

/** Where a function came through. */
function reachedBy(name: string): string[] {
  return Object.entries(reached[name] ?? {})
    .filter(([, said]) => said === "connected")
    .map(([target]) => target);
}

describe("functions on a machine with a network", () => {
  it.each(["node", "python", "shell"])("reach the outside and nothing else (%s)", (name) => {
    expect(reachedBy(name)).toEqual(outside);
  });

  it.each(["node", "python", "shell"])("are told at once that they may not (%s)", (name) => {
    const said = Object.values(reached[name] ?? {}).filter((word) => word !== "connected");
    expect(said.length).toBeGreaterThan(10);
    expect(new Set(said)).toEqual(new Set(["ECONNREFUSED"]));
  });

  it("reach the private host that the configuration lists for them, and only they do", () => {
    expect(reachedBy("orders-eu")).toEqual([...outside, privateHost]);
  });

  it("reach the Lambda API when they may, at the service address", () => {
    const [api, ...others] = reachedBy("caller").filter((target) => !outside.includes(target));
    expect(api).toMatch(/^169\.254\.100\.5:\d+$/);
    expect(others).toEqual([]);
  });
});

describe("the machine afterwards", () => {
  it("is as it was: no device, no rule, no forwarding", async () => {
    const links = await machine.run("ip", "-o", "link");
    expect(links.trim().split("\n")).toHaveLength(2);
    expect(await machine.run("nft", "list", "ruleset")).toBe("");
    expect(await machine.run("cat", "/proc/sys/net/ipv4/conf/lan0/forwarding")).toBe("0\n");
  });
});
