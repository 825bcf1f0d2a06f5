/**
 * Scenario: the command as people use it, with the whole stack: bin/paddock.mjs up in one terminal,
 * the other commands in a second one.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { eventually, freePort, processesMentioning } from "@paddock/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const paddock = fileURLToPath(new URL("../bin/paddock.mjs", import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "paddock-cli-"));

let stack: ChildProcess;
let output = "";
let pids: readonly number[];

beforeAll(async () => {
  const flags = ["--port", "--control-port", "--redis-port", "--postgres-port", "--nats-port"];
  const ports = await Promise.all(flags.map(() => freePort()));
  const own = flags.flatMap((flag, index) => [flag, String(ports[index])]);
  const args = [...own, "--sandbox-network", "closed"];
  stack = spawn(process.execPath, [paddock, "up", "--data-dir", directory, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [stack.stdout, stack.stderr]) {
    stream?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  }
  await eventually(
    () => {
      if (!output.includes("Paddock is ready in")) throw new Error(output);
    },
    { timeoutMs: 60_000 },
  );
  const processes = readFileSync(join(directory, "processes.json"), "utf8");
  const registered: Record<string, { pid: number }> = JSON.parse(processes);
  pids = Object.values(registered).map(({ pid }) => pid);
}, 90_000);

afterAll(async () => {
  stack.kill("SIGKILL");
  for (const pid of await processesMentioning(directory)) process.kill(pid, "SIGKILL");
  rmSync(directory, { recursive: true, force: true });
});

interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end, with nothing of the user's environment that could mislead it. */
function run(...args: readonly string[]): Promise<Answer> {
  const environment = { PATH: process.env["PATH"] };
  const all = [paddock, ...args, "--data-dir", directory];
  return new Promise((resolve) => {
    execFile(process.execPath, all, { env: environment }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
    });
  });
}

async function json(...args: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await run(...args, "--json");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout);
}

describe("paddock, with the whole stack", () => {
  it("starts every process and names the API's address", () => {
    expect(pids).toHaveLength(10);
    expect(output).toMatch(/Lambda API {4}http:\/\/127\.0\.0\.1:\d+ {7}region us-east-1/);
  });

  it("env prints variables that a shell takes, and no secret anywhere else", async () => {
    const { stdout } = await run("env");
    const script = `${stdout}printf '%s %s %s' "$AWS_ENDPOINT_URL_LAMBDA" "$AWS_ACCESS_KEY_ID" "$AWS_REGION"`;
    const shell = spawn("sh", ["-c", script], { stdio: ["ignore", "pipe", "inherit"] });
    let printed = "";
    shell.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    await once(shell, "close");
    expect(printed).toMatch(/^http:\/\/127\.0\.0\.1:\d+ AKIA[A-Z2-7]{16} us-east-1$/);
    const secrets: Record<string, string> = JSON.parse(
      readFileSync(join(directory, "secrets.json"), "utf8"),
    );
    for (const secret of Object.values(secrets)) expect(output).not.toContain(secret);
  });

  it("config prints what the running stack was started with", async () => {
    const { stdout } = await run("config");
    expect(stdout).toMatch(/^port +\d+ +flag$/m);
    expect(stdout).toMatch(/^adminToken +\(secret\) +paddock up$/m);
    expect(stdout).toMatch(/^region +us-east-1 +default$/m);
  });

  it("status and workers show a worker", async () => {
    await eventually(async () => {
      expect(await json("status")).toMatchObject({ product: "paddock", workers: 1 });
    });
    expect(await json("workers")).toMatchObject([{ isolation: "bubblewrap", draining: false }]);
    const [header, row] = (await run("workers")).stdout.split("\n");
    expect(header).toMatch(/busy +idle +of them frozen +pre-booted +MB granted +MB used +state$/);
    expect((await run("status")).stdout).toMatch(/^isolation +bubblewrap$/m);
    expect(row).toMatch(/ bubblewrap( +\d+){5} +0\/\d+ +\d+\/\d+ +taking work$/);
  });

  it("shows an empty ledger as one", async () => {
    expect(await json("usage")).toMatchObject({ functions: [], total: { requests: 0 } });
    expect(await json("invocations", "ls")).toMatchObject({ invocations: [] });
    expect(await json("simulate-keepalive")).toMatchObject({ attempts: 0, isComplete: true });
    const { stdout } = await run("simulate-keepalive", "--since", "1h");
    expect(stdout).toMatch(/^from .+\n0 attempts of 0 function versions; .+\npolicy +cold starts/);
  });

  it("gives a sentence and a status for what does not exist", async () => {
    const answer = await run("invocations", "show", "00000000-0000-0000-0000-000000000000");
    expect(answer.code).toBe(1);
    expect(answer.stderr).toMatch(/^paddock: .+\n$/);
    expect((await run("trigger", "rm", "no-trigger")).code).toBe(1);
    const refused = await run("trigger", "add", "no-such-function", "--schedule", "rate(1 minute)");
    expect(refused).toMatchObject({ code: 1, stdout: "" });
  });

  it("dashboard prints an address that answers", async () => {
    const { stdout } = await run("dashboard");
    const response = await fetch(new URL(stdout.trim()));
    expect(response.status).toBe(200);
  });

  it("says how to start Paddock where none runs", async () => {
    const elsewhere = spawn(process.execPath, [paddock, "status", "--data-dir", "/nonexistent"]);
    let stderr = "";
    elsewhere.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    const [code] = await once(elsewhere, "close");
    expect(code).toBe(1);
    expect(stderr).toBe(
      "paddock: Paddock is not running with the data directory /nonexistent: start it with `npm start`, or name another directory with --data-dir.\n",
    );
  });

  it("stops everything on one interrupt", async () => {
    stack.kill("SIGINT");
    const [code] = await once(stack, "close");
    expect(code).toBe(0);
    await eventually(async () => {
      expect(await processesMentioning(directory)).toEqual([]);
      const alive = pids.filter((pid) => {
        try {
          return process.kill(pid, 0);
        } catch {
          return false;
        }
      });
      expect(alive).toEqual([]);
    });
  });
});
