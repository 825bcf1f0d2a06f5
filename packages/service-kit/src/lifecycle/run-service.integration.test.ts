/** Runs a real service process and watches what its parent sees. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { freePort } from "@paddock/testkit";
import { afterEach, describe, expect, it } from "vitest";

const program = fileURLToPath(new URL("./fixtures/sample-service.ts", import.meta.url));
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

interface Sample {
  readonly child: ChildProcess;
  readonly firstMessage: Promise<unknown>;
  /** Exit code and everything it printed. */
  readonly ended: Promise<{ code: number | null; output: string }>;
}

function start(behaviour: string, environment: Record<string, string> = {}): Sample {
  const child = fork(program, [behaviour], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
    env: { ...process.env, ...environment },
  });
  children.push(child);
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const printed = child.stdout === null ? undefined : once(child.stdout, "end");
  return {
    child,
    firstMessage: once(child, "message").then(([message]) => message as unknown),
    ended: once(child, "exit").then(async ([code]) => {
      await printed;
      return { code: code as number | null, output };
    }),
  };
}

describe("a service process", () => {
  it("tells its parent when it is ready", async () => {
    const { firstMessage } = start("works");
    expect(await firstMessage).toEqual({ kind: "ready" });
  });

  it("tells its parent what is in force, where it has something to say", async () => {
    const { firstMessage } = start("has-notes");
    expect(await firstMessage).toEqual({ kind: "ready", notes: ["a means that is on"] });
  });

  it("tells its parent why it cannot start, and exits with 1", async () => {
    const { firstMessage, ended } = start("cannot-start");
    expect(await firstMessage).toEqual({
      kind: "failed",
      message: "no database (connection refused)",
    });
    const { code, output } = await ended;
    expect(code).toBe(1);
    expect(output).toContain('"level":"fatal"');
  });

  it.each(["SIGTERM", "SIGINT"] as const)("stops and exits with 0 on %s", async (signal) => {
    const { child, firstMessage, ended } = start("works");
    await firstMessage;
    child.kill(signal);
    const { code, output } = await ended;
    expect(code).toBe(0);
    expect(output).toContain("released");
  });

  it("stops when the parent is gone", async () => {
    const { child, firstMessage, ended } = start("works");
    await firstMessage;
    child.disconnect();
    const { code, output } = await ended;
    expect(code).toBe(0);
    expect(output).toContain("released");
  });

  it("stops when the parent was gone before it could notice", async () => {
    const { child, ended } = start("works");
    child.disconnect();
    expect((await ended).code).toBe(0);
  });

  it("releases what it made when it is told to stop while it starts", async () => {
    const { child, ended } = start("slow-to-start");
    await once(child, "message");
    child.kill("SIGTERM");
    const { code, output } = await ended;
    expect(code).toBe(0);
    expect(output).toContain("released");
  });

  it.each(["throw", "reject", "fail"])("logs, stops and exits with 1 on %s", async (command) => {
    const { child, firstMessage, ended } = start("works");
    await firstMessage;
    child.send(command);
    const { code, output } = await ended;
    expect(code).toBe(1);
    expect(output).toMatch(/thrown later|rejected later|lost its server/);
    expect(output).toContain("released");
  });

  it("exits with 1 when it cannot stop cleanly", async () => {
    const { child, firstMessage, ended } = start("cannot-stop");
    await firstMessage;
    child.kill("SIGTERM");
    expect((await ended).code).toBe(1);
  });

  it.each([
    ["works", 200, { status: "ok" }],
    ["unhealthy", 503, { status: "unavailable", reason: "no workers" }],
  ])("answers health requests when it %s", async (behaviour, status, body) => {
    const port = await freePort();
    const { firstMessage } = start(behaviour, { PADDOCK_HEALTH_PORT: String(port) });
    await firstMessage;
    const response = await fetch(`http://127.0.0.1:${port}/health`);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual(body);
  });
});
