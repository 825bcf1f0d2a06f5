import { startPostgres, type TestServer } from "@paddock/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Database, openDatabase } from "../database.ts";
import { storeLimits } from "../limits.ts";
import { readAttempts, type StoredAttempt } from "./attempts.ts";
import type { UsageFilter } from "./usage-summary.ts";

let server: TestServer;
let database: Database;
const rows = storeLimits.attemptsPage + 500;

/** More attempts than one page holds. */
beforeAll(async () => {
  server = await startPostgres();
  database = await openDatabase({ url: server.url, name: "test" });
  await database.pool.query(
    `insert into usage_records
     select 'r' || n, 1, case when n % 7 = 0 then 'other' else 'orders' end, '$LATEST', 'invoke-api',
       null, 'RequestResponse', 128, 'x86_64', 512, 0, 1, 1, 1,
       case when n % 100 = 0 then 'platform-error' else 'succeeded' end, null, null, 'w', 'e', 'i',
       'g', 's', 1, 999 + n, 1999 + n,
       case n % 50 when 1 then '{"kind":"first-request"}'::jsonb when 2 then '{"kind":"reset"}' end
     from generate_series(1, $1::int) as n`,
    [Math.ceil((rows * 7) / 6)],
  );
});
afterAll(async () => {
  await database?.close();
  await server?.stop();
});

async function read(filter: UsageFilter): Promise<StoredAttempt[]> {
  const all: StoredAttempt[] = [];
  for await (const page of readAttempts(database, filter)) all.push(...page);
  return all;
}

it.each([{}, { functionName: "orders" }])(
  "attempts of %j come each once, over several pages",
  async (filter) => {
    const all = await read(filter);
    const count = await database.pool.query<{ count: string }>(
      "select count(*) from usage_records where outcome <> 'platform-error' and function_name ~ $1",
      [filter.functionName ?? ""],
    );
    expect(all.length).toBeGreaterThan(storeLimits.attemptsPage);
    expect(all).toHaveLength(Number(count.rows[0]?.count));
    expect(all.filter(({ isColdStart }) => isColdStart).length).toBeGreaterThan(0);
    expect(new Set(all.map(({ finishedAtMs }) => finishedAtMs)).size).toBe(all.length);
    expect(all).toContainEqual({
      functionName: "orders",
      version: "$LATEST",
      memoryMb: 128,
      startedAtMs: 1000,
      finishedAtMs: 2000,
      isColdStart: true,
    });
  },
);

it("attempts that ended before the asked time are left out", async () => {
  const recent = await read({ functionName: "orders", sinceMs: 2500 });
  expect(Math.min(...recent.map(({ finishedAtMs }) => finishedAtMs))).toBe(2500);
  expect(await read({ sinceMs: 1e9 })).toEqual([]);
});

it("a reader that goes away gives its connection back", async () => {
  for (let round = 0; round < 2 * storeLimits.poolConnections; round += 1) {
    for await (const page of readAttempts(database, {})) {
      expect(page).toHaveLength(storeLimits.attemptsPage);
      break;
    }
  }
  expect(await read({ sinceMs: 1e9 })).toEqual([]);
});
