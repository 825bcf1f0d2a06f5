import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import pg from "pg";
import { storeLimits } from "./limits.ts";
import { migrate } from "./migrate.ts";

/** One process's connections to the relational store, its tables brought up to date. */
export interface Database {
  readonly query: NodePgDatabase;
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  /** What PostgreSQL's `pg_stat_activity` shows: the service's name. */
  readonly name: string;
  /** An idle connection broke: the pool makes a new one. For the log. */
  readonly onError?: (error: Error) => void;
}

/**
 * Connects and applies the migrations that are missing. Rejects when the server cannot be reached,
 * and with a plain sentence when the database was made by a newer Paddock.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.name,
    max: storeLimits.poolConnections,
    connectionTimeoutMillis: storeLimits.connectTimeoutMs,
    statement_timeout: storeLimits.statementTimeoutMs,
  });
  pool.on("error", (error) => options.onError?.(error));
  try {
    await migrate(pool);
  } catch (error) {
    await pool.end();
    throw error;
  }
  return { query: drizzle(pool), pool, close: () => pool.end() };
}
