import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { channels, openTriggers, publishDurable } from "@paddock/bus";
import type { LogBatch, UsageRecord } from "@paddock/contracts";
import {
  attemptsLineSchema,
  invocationDetailSchema,
  invocationsPageSchema,
  logLineSchema,
  statusReportSchema,
  triggerListSchema,
  usageReportSchema,
} from "@paddock/contracts/admin";
import { recordUsage } from "@paddock/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { adminToken, startTestControl, type TestControl } from "./control.fixture.ts";

/** Paddock's own API, as the command line and the dashboard use it. */
let control: TestControl;
beforeAll(async () => {
  control = await startTestControl();
});
afterAll(() => control?.stop());

async function api(path: string, init: RequestInit = {}, token = adminToken) {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${control.url}/_paddock/api/${path}`, { ...init, headers });
  const body: unknown = await answer.json();
  return { status: answer.status, body };
}

const stream = "2026/11/23/[$LATEST]0123456789abcdef0123456789abcdef";

function usage(requestId: string, change: Partial<UsageRecord> = {}): UsageRecord {
  return {
    ...{ requestId, attempt: 1, functionName: "orders", version: "$LATEST" },
    ...{ trigger: "invoke-api", invocationType: "RequestResponse", memoryMb: 1024 },
    ...{ architecture: "x86_64", ephemeralStorageMb: 512, initMs: 0, durationMs: 1000 },
    ...{ billedMs: 1000, peakMemoryMb: 60, outcome: "succeeded", workerId: "worker-1" },
    environmentId: "0123456789abcdef0123456789abcdef",
    ...{ isolation: "bubblewrap", logGroup: "/aws/lambda/orders", logStream: stream },
    ...{ acceptedAtMs: 1000, startedAtMs: Date.now(), finishedAtMs: Date.now() },
    ...change,
  };
}

async function log(messages: readonly string[]): Promise<void> {
  const batch: LogBatch = {
    ...{ functionName: "orders", group: "/aws/lambda/orders", stream },
    events: messages.map((message) => ({ timestampMs: Date.now(), message })),
  };
  const options = { messageId: randomUUID() };
  await publishDurable(
    control.bus,
    channels.logs,
    { functionName: "orders" },
    batch,
    undefined,
    options,
  );
}

describe("Paddock's own API", () => {
  it("wants the admin token", async () => {
    const anybody = await fetch(`${control.url}/_paddock/api/status`);
    expect(anybody.status).toBe(401);
    const wrong = await api("status", {}, "wrong");
    expect(wrong).toMatchObject({ status: 401, body: { error: { code: "Unauthorized" } } });
    expect((await api("nothing-here", {}, "wrong")).status).toBe(401);
    expect((await api("nothing-here")).status).toBe(404);
  });

  it("lists invocations in pages and shows one with its attempts and log lines", async () => {
    await recordUsage(
      control.database,
      ["r1", "r2", "r3"].map((id, index) => usage(id, { acceptedAtMs: 1000 + index })),
    );
    await log([
      "START RequestId: r1 Version: $LATEST\n",
      "of r1\n",
      "REPORT RequestId: r1\tDuration: 1 ms\n",
    ]);
    await log([
      "START RequestId: r2 Version: $LATEST\n",
      "of r2\n",
      "REPORT RequestId: r2\tDuration: 1 ms\n",
    ]);
    const first = invocationsPageSchema.parse(
      (await api("invocations?function=orders&limit=2")).body,
    );
    expect(first.invocations.map(({ requestId }) => requestId)).toEqual(["r3", "r2"]);
    const second = await api(`invocations?function=orders&limit=2&cursor=${first.nextCursor}`);
    expect(invocationsPageSchema.parse(second.body).invocations).toMatchObject([
      { requestId: "r1" },
    ]);
    expect((await api("invocations?state=failed")).body).toEqual({ invocations: [] });
    const detail = invocationDetailSchema.parse((await api("invocations/r2")).body);
    expect(detail.attempts).toHaveLength(1);
    expect(detail.logLines.map(({ message }) => message)).toEqual([
      "START RequestId: r2 Version: $LATEST\n",
      "of r2\n",
      "REPORT RequestId: r2\tDuration: 1 ms\n",
    ]);
    expect((await api("invocations/nobody")).status).toBe(404);
    expect((await api("invocations?cursor=abc")).status).toBe(400);
    expect((await api("invocations?limit=0")).body).toMatchObject({
      error: { code: "InvalidRequest", message: expect.stringContaining("limit") },
    });
  });

  it("prices what was used", async () => {
    await control.database.pool.query("truncate usage_records, invocations");
    await recordUsage(control.database, [usage("u1"), usage("u2", { finishedAtMs: 1 })]);
    const report = usageReportSchema.parse((await api("usage?function=orders&since=1h")).body);
    expect(report.functions).toHaveLength(1);
    expect(report.total).toMatchObject({ requests: 1, billedMs: 1000, gbSeconds: 1 });
    expect(report.total.listPriceUsd).toBeCloseTo(0.0000166667 + 0.0000002, 12);
    const all = usageReportSchema.parse((await api("usage")).body);
    expect(all.total.requests).toBe(2);
    expect((await api("usage?since=yesterday")).status).toBe(400);
  });

  it("follows a function's log until the reader leaves", async () => {
    const gone = new AbortController();
    const answer = await fetch(
      `${control.url}/_paddock/api/logs?function=orders&follow=1&since=0s`,
      {
        headers: { authorization: `Bearer ${adminToken}` },
        signal: gone.signal,
      },
    );
    expect(answer.headers.get("content-type")).toBe("application/x-ndjson");
    await log(["something new\n"]);
    let text = "";
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.trim() !== "") break;
    }
    expect(logLineSchema.parse(JSON.parse(text))).toMatchObject({
      stream,
      message: "something new\n",
    });
    gone.abort();
    const past = await fetch(`${control.url}/_paddock/api/logs?function=orders&since=1h`, {
      headers: { authorization: `Bearer ${adminToken}` },
    });
    expect(await past.text()).toContain("something new");
  });

  it("keeps triggers, and tells the data plane of them", async () => {
    await insertFunctionRow("orders");
    const nats = {
      ...{ kind: "nats", functionName: "orders", subject: "events.orders.>" },
      filterPattern: '{"total":[{"numeric":[">",10]}]}',
    };
    const added = await api("triggers", { method: "POST", body: JSON.stringify(nats) });
    expect(added).toMatchObject({ status: 201, body: { subject: "orders.>", enabled: true } });
    const listed = triggerListSchema.parse((await api("triggers?function=orders")).body);
    const triggerId = listed.triggers[0]?.triggerId ?? "";
    expect(await openTriggers(control.bus).get(triggerId)).toEqual(added.body);
    expect((await api(`triggers/${triggerId}`, { method: "DELETE" })).status).toBe(200);
    expect(await openTriggers(control.bus).get(triggerId)).toBeUndefined();
    expect((await api(`triggers/${triggerId}`, { method: "DELETE" })).status).toBe(404);
  });

  it.each([
    [{ kind: "nats", functionName: "nobody", subject: "events.a" }, 404],
    [{ kind: "nats", functionName: "orders", subject: "orders.>" }, 400],
    [{ kind: "nats", functionName: "orders", subject: "events.a", filterPattern: "{" }, 400],
    [{ kind: "schedule", functionName: "orders", expression: "rate(0 minutes)" }, 400],
    [
      { kind: "schedule", functionName: "orders", expression: "rate(1 minute)", timeZone: "x" },
      400,
    ],
    [{ kind: "schedule", functionName: "orders", expression: "rate(1 minute)", input: "{" }, 400],
    [{ kind: "mail", functionName: "orders" }, 400],
  ])("refuses the trigger %j with %i", async (trigger, status) => {
    const answer = await api("triggers", { method: "POST", body: JSON.stringify(trigger) });
    expect(answer).toMatchObject({ status, body: { error: { message: expect.any(String) } } });
  });

  it("gives the history of what ran, a line for each page and version, and an end", async () => {
    const startedAtMs = Date.now() - 5000;
    const change = { functionName: "history", startedAtMs, finishedAtMs: startedAtMs + 10 };
    await recordUsage(control.database, [
      usage("h1", { ...change, coldStart: { kind: "first-request" } }),
      usage("h2", { ...change, version: "7", memoryMb: 256 }),
      usage("h3", { ...change, startedAtMs: 1, finishedAtMs: 2 }),
    ]);
    const headers = { authorization: `Bearer ${adminToken}` };
    const url = `${control.url}/_paddock/api/attempts?function=history&since=1m`;
    const text = await (await fetch(url, { headers })).text();
    const lines = text.trim().split("\n");
    const times = { startsMs: [startedAtMs], endsMs: [startedAtMs + 10] };
    const common = { functionName: "history", ...times };
    expect(lines.map((line) => attemptsLineSchema.parse(JSON.parse(line)))).toEqual([
      { ...common, version: "$LATEST", memoryMb: [1024], coldStarts: 1 },
      { ...common, version: "7", memoryMb: [256], coldStarts: 0 },
      expect.objectContaining({ end: expect.anything() }),
    ]);
    // What is in force, and nothing else of control's settings.
    expect(JSON.parse(lines.at(-1) ?? "")).toEqual({
      end: {
        ...{ sinceMs: expect.any(Number), untilMs: expect.any(Number), isComplete: true },
        ...{ keepAlivePolicy: "fixed", idleEnvironmentTimeoutSeconds: 600 },
      },
    });
    expect((await api("attempts?since=whenever")).status).toBe(400);
  });

  it("tells its state", async () => {
    const status = statusReportSchema.parse((await api("status")).body);
    expect(status).toMatchObject({ product: "paddock", region: "us-east-1", workers: 0 });
    expect((await api("workers")).body).toEqual({ workers: [] });
  });
});

describe("the dashboard", () => {
  it("is served from its build, and nothing beside it; without one a page says how to build it", async () => {
    const page = () => fetch(`${control.url}/_paddock/`);
    const missing = await page();
    expect(missing.status).toBe(503);
    expect(await missing.text()).toContain("npm run build");
    await writeFile(join(control.dashboardDirectory, "index.html"), "<p>the dashboard");
    await mkdir(join(control.dashboardDirectory, "assets"));
    await writeFile(join(control.dashboardDirectory, "assets", "a.js"), "1");
    expect(await (await page()).text()).toBe("<p>the dashboard");
    const script = await fetch(`${control.url}/_paddock/assets/a.js`);
    expect(script.headers.get("content-type")).toContain("text/javascript");
    const route = await fetch(`${control.url}/_paddock/functions/orders`);
    expect(await route.text()).toBe("<p>the dashboard");
    expect((await fetch(`${control.url}/_paddock/assets/b.js`)).status).toBe(404);
    for (const path of ["%2e%2e/%2e%2e/etc/passwd.txt", "..%2f..%2fetc/passwd.txt"]) {
      const escaped = await fetch(`${control.url}/_paddock/${path}`);
      expect(await escaped.text()).not.toContain("root");
      expect([403, 404]).toContain(escaped.status);
    }
  });
});

async function insertFunctionRow(name: string): Promise<void> {
  await control.database.pool.query(
    "insert into functions (function_name, function_id, created_at_ms) values ($1, gen_random_uuid(), 1)",
    [name],
  );
}
