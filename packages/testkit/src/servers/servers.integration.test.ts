/** The servers that every other suite stands on: they start, keep their data, and leave nothing. */
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { promisify } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { eventually } from "../eventually.ts";
import { processesMentioning } from "../host/host-resources.ts";
import { startNats } from "./nats.ts";
import { startPostgres } from "./postgres.ts";
import { startRedis } from "./redis.ts";
import type { TestServer } from "./test-server.ts";

const run = promisify(execFile);
const started: TestServer[] = [];
const start = async (server: Promise<TestServer>) => {
  started.push(await server);
  return server;
};

afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

describe("startNats", () => {
  it("serves JetStream and takes messages of 8 MiB", async () => {
    const server = await start(startNats());
    const info = await greeting(server.port);
    expect(info).toMatchObject({ jetstream: true, max_payload: 8_388_608 });
  });

  it("keeps its port when it is killed and started again", async () => {
    const server = await start(startNats());
    await server.kill();
    await expect(greeting(server.port)).rejects.toThrow("ECONNREFUSED");
    await server.restart();
    await expect(greeting(server.port)).resolves.toMatchObject({ jetstream: true });
  });

  it("lets the external user in without a password, and lets it do little", async () => {
    const server = await start(startNats({ password: "secret" }));
    const answer = await exchange(
      server.port,
      "CONNECT {}\r\nPUB events.a 1\r\nx\r\nPUB b 1\r\nx\r\n",
    );
    expect(answer).toContain('Permissions Violation for Publish to "b"');
    expect(answer).not.toContain('"events.a"');
  });
});

describe("startRedis", () => {
  it("finds its data again after SIGKILL", async () => {
    const server = await start(startRedis());
    const cli = (...args: string[]) => run("redis-cli", ["-p", String(server.port), ...args]);
    await cli("config", "set", "appendfsync", "always");
    await cli("set", "key", "value");
    await server.kill();
    await server.restart();
    expect((await cli("get", "key")).stdout.trim()).toBe("value");
  });
});

describe("startPostgres", () => {
  it("answers and finds its data again after a restart", async () => {
    const server = await start(startPostgres());
    expect(await exchange(server.port, "\0\0\0\b\u0004\u00d2\u0016\u002f")).toBe("N");
    await server.restart();
    expect(await exchange(server.port, "\0\0\0\b\u0004\u00d2\u0016\u002f")).toBe("N");
  });
});

describe("a test server", () => {
  it("leaves no process and no directory behind when it is stopped", async () => {
    const server = await startRedis();
    await server.stop();
    await server.stop();
    expect(existsSync(server.directory)).toBe(false);
    expect(await processesMentioning(server.directory)).toEqual([]);
  });

  it("dies with the process that started it", async () => {
    const program = `
      import { startRedis } from ${JSON.stringify(import.meta.resolve("./redis.ts"))};
      const server = await startRedis();
      console.log(server.pid);
      setInterval(() => undefined, 1000);`;
    const parent = spawn(process.execPath, ["--input-type=module", "--eval", program]);
    const pid = await new Promise<number>((resolve) => {
      parent.stdout.once("data", (chunk: Buffer) => resolve(Number(chunk.toString())));
    });
    expect(() => process.kill(pid, 0)).not.toThrow();
    parent.kill("SIGKILL");
    await eventually(() => expect(() => process.kill(pid, 0)).toThrow("ESRCH"));
  });
});

/** The INFO document that a NATS server sends first. */
async function greeting(port: number): Promise<unknown> {
  const text = await exchange(port, "");
  return JSON.parse(text.slice("INFO ".length));
}

/** Sends bytes and returns what came back until the server had nothing to add for a moment. */
function exchange(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(Buffer.from(bytes, "latin1")));
    let answer = "";
    socket.once("error", reject);
    socket.on("data", (chunk: Buffer) => {
      answer += chunk.toString("latin1");
      socket.setTimeout(200);
    });
    socket.once("timeout", () => {
      socket.destroy();
      resolve(answer);
    });
  });
}
