import { readdirSync, readFileSync } from "node:fs";
import { startPostgres, type TestServer } from "@paddock/testkit";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDatabase } from "./database.ts";

/** Numbered from 1 on, without a gap. */
const files = readdirSync(new URL("migrations", import.meta.url)).toSorted();

let server: TestServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.stop());

/** A database of its own for each test. */
async function emptyDatabase(name: string): Promise<string> {
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  await admin.query(`create database ${name}`);
  await admin.end();
  const url = new URL(server.url);
  url.pathname = name;
  return url.href;
}

/** As a Paddock left it that knew the first migrations only. */
async function olderDatabase(url: string, migrations: number): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(
    "create table paddock_migrations (number integer primary key, file text not null, applied_at timestamptz not null default now())",
  );
  for (const [index, file] of files.slice(0, migrations).entries()) {
    await client.query(readFileSync(new URL(`migrations/${file}`, import.meta.url), "utf8"));
    await client.query("insert into paddock_migrations values ($1, $2)", [index + 1, file]);
  }
  return client;
}

describe("migrations", () => {
  it("are applied once by services that start together", async () => {
    const url = await emptyDatabase("together");
    const names = ["control", "meter", "another", "one more"];
    const databases = await Promise.all(names.map((name) => openDatabase({ url, name })));
    const { rows } = (await databases[0]?.pool.query(
      "select number, file from paddock_migrations order by number",
    )) ?? { rows: [] };
    const numbered = files.map((file, index) => ({ number: index + 1, file }));
    expect(rows).toEqual(numbered);
    await Promise.all(databases.map((database) => database.close()));
  });

  it("refuse a database that a newer Paddock has made", async () => {
    const url = await emptyDatabase("newer");
    const database = await openDatabase({ url, name: "now" });
    await database.pool.query("insert into paddock_migrations values (99, '0099_future.sql')");
    await database.close();
    await expect(openDatabase({ url, name: "later" })).rejects.toThrow(
      `The database is newer than this Paddock (migration 99, this one knows ${files.length}): start the newer Paddock again, or use another database.`,
    );
  });

  it("keep the kind of the cold starts that are on record", async () => {
    const url = await emptyDatabase("cold_starts");
    const now = await olderDatabase(url, 4);
    await now.query(
      `insert into usage_records
       select 'r' || n, 1, 'f', '1', 'invoke-api', null, 'Event', 128, 'x86_64', 512, 0, 1, 1, 1,
         'succeeded', null, null, 'w', 'e', 'i', 'g', 's',
         case when n = 1 then 'evicted' end, case when n = 1 then 'room' end, 1, 1, 1
       from generate_series(1, 2) as n`,
    );
    await now.end();
    const later = await openDatabase({ url, name: "later" });
    const { rows } = await later.pool.query(
      "select cold_start from usage_records order by request_id",
    );
    expect(rows).toEqual([{ cold_start: { kind: "evicted" } }, { cold_start: null }]);
    await later.close();
  });

  it("leave nothing of one that fails half-way", async () => {
    const url = await emptyDatabase("failing");
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    // A name that the second migration wants.
    await client.query("create table invocations (other integer)");
    await expect(openDatabase({ url, name: "x" })).rejects.toThrow(
      "Migration 0002_ledger.sql failed.",
    );
    const { rows } = await client.query("select to_regclass('usage_records') as made");
    expect(rows).toEqual([{ made: null }]);
    await client.query("drop table invocations");
    const database = await openDatabase({ url, name: "x" });
    await database.close();
    await client.end();
  });
});
