/** Scenario: each folder of examples/, deployed as its README says. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { connect } from "@nats-io/transport-node";
import { eventually, type ZipEntry } from "@paddock/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sessionLimits } from "./support/limits.ts";
import { findProgram } from "./support/shell.ts";
import { type Session, startSession } from "./support/stack.ts";

const examples = fileURLToPath(new URL("../../../examples", import.meta.url));
const onRecord = { timeoutMs: sessionLimits.onRecordMs, intervalMs: 200 };
const withoutCurl = findProgram("curl") === undefined ? " (skipped: needs curl)" : "";

let session: Session;

beforeAll(async () => {
  session = await startSession();
});

afterAll(() => session.paddock.stop());

/** Files of an example with their modes, as `zip` would pack them. */
function filesOf(example: string): Record<string, ZipEntry> {
  const folder = join(examples, example);
  const packed = readdirSync(folder).filter((name) => name !== "README.md");
  return Object.fromEntries(
    packed.map((name) => {
      const path = join(folder, name);
      return [name, { content: readFileSync(path), mode: statSync(path).mode & 0o777 }];
    }),
  );
}

describe("examples", () => {
  it("each have a README and a test here", () => {
    expect(readdirSync(examples).sort()).toEqual([
      "node-hello",
      "python-orders",
      "shell-bootstrap",
    ]);
    for (const example of readdirSync(examples)) {
      expect(readFileSync(join(examples, example, "README.md"), "utf8")).toContain("aws lambda");
    }
  });

  it("node-hello greets whoever the event names", async () => {
    await session.createFunction("hello", { files: filesOf("node-hello") });
    expect(await session.invoke("hello", { name: "you" })).toMatchObject({ hello: "you" });
    expect(await session.invoke("hello", {})).toMatchObject({ hello: "world" });
  });

  it("python-orders handles events.orders.created, and fails without an id", async (context) => {
    const python = (await session.runtimes()).find((runtime) => runtime.startsWith("python"));
    if (python === undefined) {
      context.skip("the machine has no Python that Paddock can run");
      return;
    }
    const files = filesOf("python-orders");
    const plan = { files, Handler: "orders.handler", Runtime: python as "python3.11" };
    await session.createFunction("orders", plan);
    await session.paddock.cli("trigger", "add", "orders", "--nats", "events.orders.created");
    const nats = await connect({ servers: session.paddock.access.natsUrl });
    const lines = [
      { price: 5, quantity: 2 },
      { price: 1, quantity: 1 },
    ];
    nats.publish("events.orders.created", JSON.stringify({ id: "A-1", lines }));
    nats.publish("events.orders.created", JSON.stringify({ lines }));
    await nats.drain();
    const ran = await eventually(async () => {
      const all = await session.invocationsOf("orders");
      expect(all.filter(({ invocation }) => invocation.fate !== undefined)).toHaveLength(2);
      return all.toSorted((one, other) => one.attempts.length - other.attempts.length);
    }, onRecord);
    expect(ran).toMatchObject([
      { invocation: { state: "succeeded", attempts: 1 } },
      { invocation: { state: "failed", attempts: 3, errorType: "ValueError" } },
    ]);
    const log = ran[0]?.logLines.map(({ message }) => message).join("");
    expect(log).toContain("orders created: A-1, total 11");
  });

  // The example is a bootstrap that calls curl.
  it.skipIf(withoutCurl !== "")(`shell-bootstrap echoes the event${withoutCurl}`, async () => {
    const files = filesOf("shell-bootstrap");
    await session.createFunction("shell", { files, Runtime: "provided.al2023", Handler: "none" });
    for (const event of [{ a: 1 }, { text: 'äöü @ % \\ "quoted"' }, []]) {
      expect(await session.invoke("shell", event)).toEqual({ echo: event });
    }
    const log = (await session.logLinesOf("shell")).map(({ message }) => message).join("");
    expect(log).toMatch(/^handling [0-9a-f-]{36}$/m);
  });
});
