/**
 * AWS's own runtime clients against our Runtime API, unmodified: that they run is what the HTTP
 * carrier is for. Builds are kept below /.cache; a client whose toolchain this machine lacks is
 * skipped, and the reason is printed.
 */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { limits } from "@paddock/contracts";
import { afterEach, describe, expect, it } from "vitest";
import type { RuntimeInvocation, RuntimeSession } from "../port.ts";
import { createHttpSession } from "./session.ts";

const run = promisify(execFile);
const fixtures = fileURLToPath(new URL("./fixtures", import.meta.url));
const cache = fileURLToPath(new URL("../../../../.cache/runtime-clients", import.meta.url));
/** A first build compiles a few hundred files on two cores. */
const buildMs = 600_000;

interface Client {
  readonly name: string;
  /** Program and arguments; throws what explains why this machine has no such client. */
  readonly build: () => Promise<readonly string[]>;
  readonly boomType: string;
}

const clients: readonly Client[] = [
  {
    name: "a shell script with curl",
    boomType: "Boom",
    build: async () => {
      await run("curl", ["--version"]);
      return ["/bin/sh", path.join(fixtures, "bootstrap.sh")];
    },
  },
  {
    name: "awslambdaric 4.2.2 of PyPI",
    boomType: "ValueError",
    build: async () => {
      const environment = path.join(cache, "python");
      const program = path.join(environment, "bin/python");
      if (!existsSync(path.join(environment, "bin/pip"))) {
        await run("python3", ["-m", "venv", environment]);
      }
      await run(program, ["-m", "pip", "install", "-q", "awslambdaric==4.2.2"]);
      return [program, "-m", "awslambdaric", "app.handler"];
    },
  },
  {
    name: "aws-lambda-ric 4.0.2 of npm",
    boomType: "Error",
    build: async () => {
      const folder = path.join(cache, "node");
      const client = path.join(folder, "node_modules/aws-lambda-ric");
      if (!existsSync(path.join(client, "rapid-client.node"))) {
        mkdirSync(folder, { recursive: true });
        // Its scripts compile the native part: npm asks for leave in the project's own file.
        const project = { private: true, allowScripts: { "aws-lambda-ric": true } };
        writeFileSync(path.join(folder, "package.json"), JSON.stringify(project));
        const install = ["install", "--no-audit", "--no-fund", "--prefix", folder];
        await run("npm", [...install, "aws-lambda-ric@4.0.2"], { cwd: folder });
      }
      return [process.execPath, path.join(client, "index.mjs"), "index.handler"];
    },
  },
  {
    name: "aws-lambda-go",
    boomType: "errorString",
    build: async () => {
      const folder = prepare("go");
      if (!existsSync(path.join(folder, "go.mod"))) {
        await run("go", ["mod", "init", "example.com/bootstrap"], { cwd: folder });
      }
      await run("go", ["get", "github.com/aws/aws-lambda-go@v1.55.1"], { cwd: folder });
      await run("go", ["build", "-o", "bootstrap", "."], { cwd: folder });
      return [path.join(folder, "bootstrap")];
    },
  },
  {
    name: "lambda_runtime of crates.io",
    // The type name that the Rust library derives for a boxed error.
    boomType:
      "&alloc::boxed::Box<dyn core::error::Error + core::marker::Send + core::marker::Sync>",
    build: async () => {
      const folder = prepare("rust");
      await run("cargo", ["build", "--quiet"], { cwd: folder });
      return [path.join(folder, "target/debug/bootstrap")];
    },
  },
];

function prepare(name: string): string {
  const folder = path.join(cache, name);
  mkdirSync(folder, { recursive: true });
  cpSync(path.join(fixtures, name), folder, { recursive: true });
  return folder;
}

const invocationOf = (requestId: string, event: unknown): RuntimeInvocation => ({
  requestId,
  invocationId: `${requestId}-1`,
  deadlineMs: Date.now() + 60_000,
  invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:hello",
  traceHeader: "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=1",
  event: Buffer.from(JSON.stringify(event)),
});

let client: ChildProcess | undefined;
let session: RuntimeSession | undefined;
let listener: net.Server | undefined;

afterEach(async () => {
  session?.close();
  listener?.close();
  if (client !== undefined && client.exitCode === null && client.signalCode === null) {
    const exited = once(client, "exit");
    if (client.pid !== undefined) process.kill(-client.pid, "SIGKILL");
    await exited;
  }
});

async function start(command: readonly string[]): Promise<RuntimeSession> {
  listener = net.createServer().listen(0, "127.0.0.1");
  session = createHttpSession({
    listener,
    onLog: () => {},
    maxResponseBytes: limits.responsePayloadBytes,
  });
  await once(listener, "listening");
  const { port } = listener.address() as net.AddressInfo;
  const [program = "", ...programArguments] = command;
  client = spawn(program, programArguments, {
    cwd: fixtures,
    // A group of its own: the shell's curl ends with it.
    detached: true,
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      PATH: "/usr/local/bin:/usr/bin:/bin",
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`,
      AWS_LAMBDA_FUNCTION_NAME: "hello",
      AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "128",
      AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/hello",
      AWS_LAMBDA_LOG_STREAM_NAME: "stream",
      LAMBDA_TASK_ROOT: fixtures,
      _HANDLER: "index.handler",
      PYTHONPATH: fixtures,
      PYTHONDONTWRITEBYTECODE: "1",
    },
  });
  return session;
}

/** Kind and parsed payload of the answer, once the client waits for the next event. */
async function answer(current: RuntimeSession, requestId: string, event: unknown) {
  const outcome = await current.invoke(invocationOf(requestId, event));
  await current.settled();
  const payload = "payload" in outcome ? Buffer.from(outcome.payload).toString() : "null";
  return [outcome.kind, JSON.parse(payload)] as const;
}

describe.each(clients)("$name", ({ name, build, boomType }) => {
  it(
    "serves invocation after invocation, errors included",
    { timeout: buildMs },
    async (context) => {
      const command = await build().catch((error: unknown) => {
        const reason = error instanceof Error ? error.message.split("\n", 2).join(" ") : "unknown";
        // oxlint-disable-next-line no-console -- a skipped client has to be seen.
        console.warn(`skipped ${name}: ${reason}`);
        // No toolchain or registry: there is no client to test with.
        return context.skip(reason);
      });
      const current = await start(command);
      expect(await current.initialize({ environment: {}, handler: "" })).toEqual({ kind: "ready" });
      const first = await answer(current, "11111111-1111-4111-8111-111111111111", {
        name: "world",
      });
      const failed = await answer(current, "22222222-2222-4222-8222-222222222222", { boom: true });
      const third = await answer(current, "33333333-3333-4333-8333-333333333333", {
        name: "world",
      });
      expect(first).toEqual([
        "response",
        { hello: "world", id: "11111111-1111-4111-8111-111111111111" },
      ]);
      const error = expect.objectContaining({ errorMessage: "boom", errorType: boomType });
      expect(failed).toEqual(["error", error]);
      expect(third).toEqual([
        "response",
        { hello: "world", id: "33333333-3333-4333-8333-333333333333" },
      ]);
    },
  );
});
