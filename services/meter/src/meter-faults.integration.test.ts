/** Scenario: a meter dies between the database's commit and its acknowledgement, and bad records. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { type Bus, channels, connectBus, ensureStreams, publishDurable } from "@paddock/bus";
import type { UsageRecord } from "@paddock/contracts";
import { createLogger } from "@paddock/service-kit";
import { type Database, getInvocation, openDatabase, summariseUsage } from "@paddock/store";
import { eventually, startNats, startPostgres, type TestServer } from "@paddock/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { consumeUsage } from "./adapters/bus-records.ts";
import { loggedReport } from "./adapters/logged-report.ts";
import { storeLedger } from "./adapters/store-ledger.ts";
import { startMeter } from "./app.ts";
import { LedgerWriter } from "./ledger-writer.ts";

const password = "a-password-of-the-tests";
const logger = createLogger("meter", "silent");
let nats: TestServer;
let postgres: TestServer;
let peer: Bus;
let database: Database;

const connect = (): Promise<Bus> =>
  connectBus({ url: nats.url, user: "paddock", password, name: "test" });
const open = (): Promise<Database> => openDatabase({ url: postgres.url, name: "test" });
const startService = async () =>
  startMeter({ bus: await connect(), database: await open(), logger });

beforeAll(async () => {
  [nats, postgres] = await Promise.all([startNats({ password }), startPostgres()]);
  peer = await connect();
  await ensureStreams(peer);
  database = await open();
});
afterAll(async () => {
  await Promise.all([peer.close(), database.close()]);
  await Promise.all([nats.stop(), postgres.stop()]);
});

function usage(functionName: string, changes: Partial<UsageRecord> = {}): UsageRecord {
  return {
    requestId: randomUUID(),
    attempt: 1,
    functionName,
    version: "$LATEST",
    trigger: "invoke-api",
    invocationType: "RequestResponse",
    memoryMb: 1024,
    architecture: "x86_64",
    ephemeralStorageMb: 512,
    initMs: 0,
    durationMs: 9.5,
    billedMs: 10,
    peakMemoryMb: 40,
    outcome: "succeeded",
    workerId: "worker-1",
    environmentId: "0".repeat(32),
    isolation: "bubblewrap",
    logGroup: `/aws/lambda/${functionName}`,
    logStream: "s",
    acceptedAtMs: 1_790_000_000_000,
    startedAtMs: 1_790_000_000_010,
    finishedAtMs: 1_790_000_000_020,
    ...changes,
  };
}

async function send(records: UsageRecord[]): Promise<void> {
  await publishDurable(peer, channels.usage, {}, { records }, undefined, {
    messageId: randomUUID(),
  });
}

async function totals(functionName: string): Promise<{ requests: number; billedMs: number }> {
  const [row] = await summariseUsage(database, { functionName });
  return { requests: row?.requests ?? 0, billedMs: row?.billedMs ?? 0 };
}

describe("a meter that dies between the commit and the acknowledgement", () => {
  it("has its records counted once by the next one", async () => {
    const dying = await connect();
    const { recordUsage } = storeLedger(database);
    const writer = new LedgerWriter<UsageRecord>(recordUsage, loggedReport(logger, "usage"));
    let lostAcknowledgements = 0;
    const subscription = await consumeUsage(dying, (messages) =>
      writer.handle(
        messages.map((message) => ({
          ...message,
          ack() {
            lostAcknowledgements += 1;
            message.retry(0);
          },
        })),
      ),
    );
    await send([usage("unacknowledged"), usage("unacknowledged")]);
    await eventually(() => expect(lostAcknowledgements).toBeGreaterThan(1));
    await subscription.stop();
    await dying.close();
    const service = await startService();
    await send([usage("afterwards")]);
    await eventually(async () => expect((await totals("afterwards")).requests).toBe(1));
    expect(await totals("unacknowledged")).toEqual({ requests: 2, billedMs: 20 });
    await service.stop();
  });

  it("counts exactly, when the process itself is killed in the middle", async () => {
    const messages = 150;
    const records = 200;
    const first = startProcess();
    for (let index = 0; index < messages; index += 1) {
      await send(Array.from({ length: records }, () => usage("killed")));
      if (index < messages / 2 || first.killed) continue;
      // In the middle of the work: it has begun, and there is more to come.
      await eventually(async () => expect((await totals("killed")).requests).toBeGreaterThan(0));
      await killed(first);
    }
    expect((await totals("killed")).requests).toBeLessThan(messages * records);
    const second = startProcess();
    // What the killed one held comes again when the server has waited for its acknowledgement.
    await eventually(
      async () => expect((await totals("killed")).requests).toBe(messages * records),
      { timeoutMs: 60_000, intervalMs: 250 },
    );
    expect((await totals("killed")).billedMs).toBe(messages * records * 10);
    await killed(second);
  }, 90_000);
});

function startProcess(): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, "main.ts")], {
    stdio: "ignore",
    env: {
      ...process.env,
      PADDOCK_NATS_URL: nats.url,
      PADDOCK_NATS_PASSWORD: password,
      PADDOCK_DATABASE_URL: postgres.url,
    },
  });
}

async function killed(child: ChildProcess): Promise<void> {
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

describe("a record that PostgreSQL refuses", () => {
  it("is repaired where its text holds NUL, and keeps no other from being counted", async () => {
    const service = await startService();
    const errorMessage = "a\u0000b";
    const spoiled = usage("spoiled", { outcome: "function-error", errorMessage });
    const tooLarge = usage("spoiled", { peakMemoryMb: 3_000_000_000 });
    await send([usage("spoiled"), spoiled, tooLarge, usage("spoiled")]);
    await eventually(async () => expect((await totals("spoiled")).requests).toBe(3));
    const found = await getInvocation(database, spoiled.requestId);
    expect(found?.invocation.errorMessage).toBe("a\ufffdb");
    await send([usage("spoiled")]);
    await eventually(async () => expect((await totals("spoiled")).requests).toBe(4));
    await service.stop();
  });
});
