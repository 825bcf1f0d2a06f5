import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type pg from "pg";

/**
 * Applies `migrations/<number>_<name>.sql` in order, each in a transaction with its entry in
 * `paddock_migrations`. An advisory lock keeps two services that start together from doing it twice.
 */
const directory = join(import.meta.dirname, "migrations");
/** Any number, as long as nobody else takes the same: "paddock" in ASCII digits' sum. */
const advisoryLock = 727_100_107;

interface Migration {
  readonly number: number;
  readonly file: string;
}

export async function migrate(pool: pg.Pool): Promise<void> {
  const migrations = await listMigrations();
  const client = await pool.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [advisoryLock]);
    try {
      const done = await appliedMigration(client);
      refuseNewer(done, migrations.at(-1)?.number ?? 0);
      for (const migration of migrations) {
        if (migration.number > done) await apply(client, migration);
      }
    } finally {
      await client.query("select pg_advisory_unlock($1)", [advisoryLock]);
    }
  } finally {
    client.release();
  }
}

async function listMigrations(): Promise<Migration[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith(".sql"));
  return files.toSorted().map((file) => ({ number: Number.parseInt(file, 10), file }));
}

async function appliedMigration(client: pg.PoolClient): Promise<number> {
  await client.query(
    "create table if not exists paddock_migrations (number integer primary key, file text not null, applied_at timestamptz not null default now())",
  );
  const result = await client.query<{ number: number | null }>(
    "select max(number) as number from paddock_migrations",
  );
  return result.rows[0]?.number ?? 0;
}

function refuseNewer(done: number, known: number): void {
  if (done <= known) return;
  throw new Error(
    `The database is newer than this Paddock (migration ${done}, this one knows ${known}): ` +
      "start the newer Paddock again, or use another database.",
  );
}

async function apply(client: pg.PoolClient, migration: Migration): Promise<void> {
  const statements = await readFile(join(directory, migration.file), "utf8");
  await client.query("begin");
  try {
    await client.query(statements);
    await client.query("insert into paddock_migrations (number, file) values ($1, $2)", [
      migration.number,
      migration.file,
    ]);
    await client.query("commit");
  } catch (cause) {
    await client.query("rollback");
    throw new Error(`Migration ${migration.file} failed.`, { cause });
  }
}
