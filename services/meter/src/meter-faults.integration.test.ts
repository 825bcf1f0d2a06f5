/** Scenario: a meter dies between the database's commit and its acknowledgement, and bad records. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { UsageRecord } from "@paddock/contracts";
import { createLogger } from "@paddock/service-kit";
import { getInvocation } from "@paddock/store";
import { eventually } from "@paddock/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { consumeUsage } from "./adapters/bus-records.ts";
import { loggedReport } from "./adapters/logged-report.ts";
import { storeLedger } from "./adapters/store-ledger.ts";
import { LedgerWriter } from "./ledger-writer.ts";
import { type Installation, natsPassword, startInstallation, usage } from "./meter.fixture.ts";

const logger = createLogger("meter", "silent");
let installation: Installation;

beforeAll(async () => {
  installation = await startInstallation();
});
afterAll(() => installation.stop());

const send = (records: UsageRecord[]) => installation.send(records);
const totals = (functionName: string) => installation.totals(functionName);

describe("a meter that dies between the commit and the acknowledgement", () => {
  it("has its records counted once by the next one", async () => {
    const dying = await installation.connect();
    const { recordUsage } = storeLedger(installation.database);
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
    const service = await installation.startService();
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
      PADDOCK_NATS_URL: installation.nats.url,
      PADDOCK_NATS_PASSWORD: natsPassword,
      PADDOCK_DATABASE_URL: installation.postgres.url,
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
    const service = await installation.startService();
    const errorMessage = "a\u0000b";
    const spoiled = usage("spoiled", { outcome: "function-error", errorMessage });
    const tooLarge = usage("spoiled", { peakMemoryMb: 3_000_000_000 });
    await send([usage("spoiled"), spoiled, tooLarge, usage("spoiled")]);
    await eventually(async () => expect((await totals("spoiled")).requests).toBe(3));
    const found = await getInvocation(installation.database, spoiled.requestId);
    expect(found?.invocation.errorMessage).toBe("a\ufffdb");
    await send([usage("spoiled")]);
    await eventually(async () => expect((await totals("spoiled")).requests).toBe(4));
    await service.stop();
  });
});
