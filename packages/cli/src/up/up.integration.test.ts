/**
 * Scenario: `paddock up` as a process of its own, with real NATS, Redis and PostgreSQL and with
 * small services instead of Paddock's. What it prints, what it leaves behind, what survives.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { eventually, freePort, processesMentioning } from "@paddock/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { converse } from "../servers/probe.ts";

const program = fileURLToPath(new URL("./fixtures/small-stack.ts", import.meta.url));
const portNames = ["port", "controlPort", "redisPort", "postgresPort", "natsPort"] as const;

let directory: string;
let ports: Record<(typeof portNames)[number], number>;
const children: ChildProcess[] = [];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "paddock-up-"));
  const numbers = await Promise.all(portNames.map(() => freePort()));
  ports = Object.fromEntries(
    portNames.map((name, index) => [name, numbers[index]]),
  ) as typeof ports;
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const pid of await processesMentioning(directory)) process.kill(pid, "SIGKILL");
  rmSync(directory, { recursive: true, force: true });
});

class Run {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  output = "";

  constructor(services: string, settings: Record<string, string | number> = {}) {
    const all = { dataDirectory: directory, ...ports, isolation: "process", ...settings };
    const args = Object.entries(all).map(([name, value]) => `${name}=${value}`);
    this.child = spawn(process.execPath, [program, services, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    children.push(this.child);
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on("data", (chunk: Buffer) => (this.output += chunk.toString()));
    }
    this.ended = once(this.child, "close").then(([code]) => code as number | null);
  }

  says(text: string | RegExp): Promise<void> {
    const isSaid = () =>
      typeof text === "string" ? this.output.includes(text) : text.test(this.output);
    return eventually(
      () => {
        if (!isSaid()) throw new Error(`not "${String(text)}" but: ${this.output}`);
      },
      { timeoutMs: 60_000 },
    );
  }

  async stop(signal: NodeJS.Signals = "SIGINT"): Promise<number | null> {
    this.child.kill(signal);
    return this.ended;
  }
}

/** By name, as the supervisor registered them. */
function readProcesses(): Record<string, { pid: number }> {
  return JSON.parse(readFileSync(join(directory, "processes.json"), "utf8"));
}

function pidOf(name: string): number {
  const found = readProcesses()[name];
  if (found === undefined) throw new Error(`${name} is not registered`);
  return found.pid;
}

/** Of the stack; the servers' command lines name the directory, services' do not. */
async function nothingIsLeft(pids: readonly number[]): Promise<void> {
  await eventually(
    async () => {
      expect(await processesMentioning(directory)).toEqual([]);
      const alive = pids.filter((pid) => {
        try {
          process.kill(pid, 0);
          return true;
        } catch {
          return false;
        }
      });
      expect(alive).toEqual([]);
    },
    { timeoutMs: 30_000 },
  );
}

function redis(...commands: readonly string[]): Promise<string> {
  const { redisPassword } = JSON.parse(readFileSync(join(directory, "secrets.json"), "utf8"));
  const text = [`AUTH ${redisPassword}`, ...commands, "PING"].map((line) => `${line}\r\n`).join("");
  const target = { host: "127.0.0.1", port: ports.redisPort, tls: false };
  return converse(target, text, (answer) => answer.includes("+PONG"));
}

describe("paddock up", () => {
  it("prints the block, leaves nothing behind, and finds its data at the second start", async () => {
    const first = new Run("steady");
    await first.says("Paddock is ready in");
    expect(first.output).toContain(
      `    Lambda API    http://127.0.0.1:${ports.port}       region us-east-1, account 000000000000\n` +
        `    Dashboard     http://127.0.0.1:${ports.port}/_paddock/\n` +
        `    NATS          nats://127.0.0.1:${ports.natsPort}\n` +
        `    Credentials   eval "$(npx paddock env)"\n` +
        `    Isolation     process: NOT ISOLATED, functions can read every file and secret of this user\n`,
    );
    const pids = Object.values(readProcesses()).map(({ pid }) => pid);
    expect(pids).toHaveLength(4);
    const secrets = readFileSync(join(directory, "secrets.json"), "utf8");
    await redis("SET kept yes");
    expect(await first.stop()).toBe(0);
    await nothingIsLeft(pids);

    const second = new Run("steady");
    await second.says("Paddock is ready in");
    expect(readFileSync(join(directory, "secrets.json"), "utf8")).toBe(secrets);
    expect(await redis("GET kept")).toContain("yes");
    expect(await second.stop("SIGTERM")).toBe(0);
  });

  it("refuses a data directory that another one uses", async () => {
    const first = new Run("steady");
    await first.says("Paddock is ready in");
    const second = new Run("steady", { port: await freePort() });
    expect(await second.ended).toBe(1);
    expect(second.output).toContain(
      `Paddock already runs with the data directory ${directory} (process ${first.child.pid})`,
    );
    expect(await first.stop()).toBe(0);
  });

  it("names a port that is taken, by whom, and the setting to change", async () => {
    const squatter = createServer().listen(ports.redisPort, "127.0.0.1");
    await once(squatter, "listening");
    const run = new Run("steady");
    expect(await run.ended).toBe(1);
    expect(run.output).toMatch(
      new RegExp(
        `Port ${ports.redisPort} is taken by another program \\(.*process ${process.pid}\\): stop it, or give Redis another one with --redis-port`,
      ),
    );
    squatter.close();
  });

  it("refuses data of a newer Paddock", async () => {
    writeFileSync(join(directory, "version.json"), '{"format":7,"writtenBy":"3.0.0"}');
    const run = new Run("steady");
    expect(await run.ended).toBe(1);
    expect(run.output).toContain("was written by a newer Paddock (3.0.0, format 7)");
  });

  it("says why a service does not start, shows its log, and stops the rest", async () => {
    const run = new Run("steady,unwilling");
    expect(await run.ended).toBe(1);
    expect(run.output).toContain("unwilling did not start: the database is of a newer version");
    expect(run.output).toContain("a line of its log");
    await nothingIsLeft([]);
  });

  it("starts services and servers again that were killed", async () => {
    const run = new Run("steady");
    await run.says("Paddock is ready in");
    for (const [name, title] of [
      ["steady", "steady"],
      ["redis", "Redis"],
      ["nats", "NATS"],
      ["postgres", "PostgreSQL"],
    ] as const) {
      const before = pidOf(name);
      process.kill(before, "SIGKILL");
      await run.says(new RegExp(`${title} died: .*SIGKILL.*started again in 100 ms`));
      await run.says(`${title} is running again`);
      expect(pidOf(name)).not.toBe(before);
    }
    expect(await run.stop()).toBe(0);
  });

  it("takes its children along when it is killed, and starts again after that", async () => {
    const first = new Run("steady");
    await first.says("Paddock is ready in");
    const pids = Object.values(readProcesses()).map(({ pid }) => pid);
    first.child.kill("SIGKILL");
    await first.ended;
    const second = new Run("steady");
    await second.says("Paddock is ready in");
    const old = new Set(pids);
    expect(Object.values(readProcesses()).filter(({ pid }) => old.has(pid))).toEqual([]);
    expect(await second.stop()).toBe(0);
    await nothingIsLeft(pids);
  });

  it("ends what outlived a killed supervisor before it starts", { timeout: 90_000 }, async () => {
    const first = new Run("stubborn");
    await first.says("Paddock is ready in");
    const stubborn = pidOf("stubborn");
    first.child.kill("SIGKILL");
    await first.ended;
    const second = new Run("steady");
    await second.says(/Ended what a killed Paddock left behind: .*stubborn/);
    await second.says("Paddock is ready in");
    expect(await second.stop()).toBe(0);
    await nothingIsLeft([stubborn]);
  });

  it("kills what does not stop on the second interrupt, but not on the echo of the first", async () => {
    const run = new Run("stubborn");
    await run.says("Paddock is ready in");
    const pids = Object.values(readProcesses()).map(({ pid }) => pid);
    run.child.kill("SIGINT");
    run.child.kill("SIGINT");
    await run.says("Stopping");
    expect(run.output).not.toContain("Killed");
    await eventually(
      () => {
        run.child.kill("SIGINT");
        expect(run.child.exitCode).toBe(130);
      },
      { timeoutMs: 10_000 },
    );
    await nothingIsLeft(pids);
  });

  it("stops at once when it is interrupted while it starts", async () => {
    const run = new Run("steady");
    await run.says("Data in");
    expect(await run.stop()).toBe(0);
    await nothingIsLeft([]);
  });
});
