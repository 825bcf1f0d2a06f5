import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@paddock/testkit";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./start-embedded-postgres.ts";

/** The private server: its data outlives it, however it ends. */
let dataDirectory: string;
let port: number;
const started: EmbeddedPostgres[] = [];

beforeEach(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), "paddock-postgres-"));
  port = await freePort();
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
  await rm(dataDirectory, { recursive: true, force: true });
});

async function start(durable = false): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDirectory, port, durable });
  started.push(server);
  return server;
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

async function isAlive(pid: number): Promise<boolean> {
  const state = (await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "")).split(" ")[2];
  // Z: it has ended, and only nobody has asked how.
  return state !== undefined && state !== "Z";
}

describe("the embedded PostgreSQL", () => {
  it("keeps its data over a stop, and wants its password", async () => {
    const first = await start();
    await query(first.url, "create table kept as select 42 as answer");
    await first.stop();
    await first.stop();
    const second = await start();
    expect(second.url).toBe(first.url);
    expect(await query(second.url, "select answer from kept")).toEqual([{ answer: 42 }]);
    const { mode } = await stat(join(dataDirectory, "password"));
    expect(mode & 0o777).toBe(0o600);
    const wrong = new URL(second.url);
    wrong.password = "wrong";
    await expect(query(wrong.href, "select 1")).rejects.toThrow("password authentication failed");
  });

  it("recovers after it was killed, also when another process has its number now", async () => {
    const first = await start(true);
    await query(first.url, "create table kept as select 42 as answer");
    process.kill(first.pid, "SIGKILL");
    await first.stop();
    const pidFile = join(dataDirectory, "cluster", "postmaster.pid");
    const lines = (await readFile(pidFile, "utf8")).split("\n");
    await writeFile(pidFile, [String(process.pid), ...lines.slice(1)].join("\n"));
    const second = await start();
    expect(await query(second.url, "select answer from kept")).toEqual([{ answer: 42 }]);
  });

  it("ends when the process that started it is killed", async () => {
    const module = new URL("start-embedded-postgres.ts", import.meta.url).href;
    const script = `const { startEmbeddedPostgres } = await import(${JSON.stringify(module)});
      const options = ${JSON.stringify({ dataDirectory, port, durable: false })};
      console.log((await startEmbeddedPostgres(options)).pid); setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [text]: unknown[] = await once(parent.stdout, "data");
    const pid = Number(String(text));
    expect(await isAlive(pid)).toBe(true);
    parent.kill("SIGKILL");
    // Waits for the one that is on its way out, and takes over its data.
    const server = await start();
    expect(server.pid).not.toBe(pid);
    expect(await isAlive(pid)).toBe(false);
  });

  it("says why it cannot start", async () => {
    await start();
    const other = await mkdtemp(join(tmpdir(), "paddock-postgres-"));
    try {
      await expect(
        startEmbeddedPostgres({ dataDirectory: other, port, durable: false }),
      ).rejects.toThrow(/could not bind IPv4 address "127.0.0.1": Address already in use/);
    } finally {
      await rm(other, { recursive: true });
    }
  });

  it("leaves alone what another version has made", async () => {
    const server = await start();
    await server.stop();
    await writeFile(join(dataDirectory, "cluster", "PG_VERSION"), "19\n");
    await expect(start()).rejects.toThrow(/was made by PostgreSQL 19, this Paddock brings/);
  });

  it("tells when it ends by itself", async () => {
    const ended = new Promise<string>((resolve) => {
      void startEmbeddedPostgres({ dataDirectory, port, durable: false, onExit: resolve }).then(
        (server) => {
          started.push(server);
          process.kill(server.pid, "SIGKILL");
        },
      );
    });
    expect(await ended).toContain("SIGKILL");
  });
});
