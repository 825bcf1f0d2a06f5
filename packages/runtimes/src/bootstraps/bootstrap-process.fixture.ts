/** Starts a bootstrap as a plain process with a socket as descriptor 3, and talks to it. For tests. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Duplex } from "node:stream";
import { limits } from "@paddock/contracts";
import { createFramedSession } from "../framed/session.ts";
import { readOutputLines } from "../output-lines.ts";
import type {
  InitializeOutcome,
  InvocationOutcome,
  RuntimeInvocation,
  RuntimeSession,
} from "../port.ts";

export interface BootstrapOptions {
  /** Program and arguments. */
  readonly command: readonly string[];
  /** File name → content, in the task folder. */
  readonly files: Readonly<Record<string, string>>;
  readonly handler: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly bootEnvironment?: Readonly<Record<string, string>>;
  readonly maxResponseBytes?: number;
}

export class BootstrapProcess {
  readonly taskRoot = mkdtempSync(path.join(os.tmpdir(), "paddock-task-"));
  readonly session: RuntimeSession;
  readonly process: ChildProcess;
  /** Text of every log frame. */
  readonly logs: string[] = [];
  /** Lines of stdout and stderr. */
  readonly output: string[] = [];
  readonly #options: BootstrapOptions;
  readonly #closed: Promise<unknown>;

  constructor(options: BootstrapOptions) {
    this.#options = options;
    for (const [name, content] of Object.entries(options.files)) {
      const file = path.join(this.taskRoot, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    const [program = "", ...programArguments] = options.command;
    this.process = spawn(program, programArguments, {
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      env: { ...options.bootEnvironment },
    });
    this.#closed = once(this.process, "close");
    const { stdout, stderr, stdio } = this.process;
    const channel = stdio[3];
    if (stdout === null || stderr === null || !(channel instanceof Duplex)) {
      throw new Error("the process has no pipes");
    }
    for (const stream of [stdout, stderr]) {
      readOutputLines(stream, (line) => this.output.push(line.text));
    }
    this.session = createFramedSession({
      channel,
      onLog: (line) => this.logs.push(line.text),
      maxResponseBytes: options.maxResponseBytes ?? limits.responsePayloadBytes,
    });
  }

  async initialize(): Promise<InitializeOutcome> {
    await this.session.booted;
    const environment = {
      PATH: "/usr/bin:/bin",
      LAMBDA_TASK_ROOT: this.taskRoot,
      AWS_LAMBDA_FUNCTION_NAME: "hello",
      AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "128",
      AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/hello",
      AWS_LAMBDA_LOG_STREAM_NAME: "2026/11/23/[$LATEST]0123",
      ...this.#options.environment,
    };
    return this.session.initialize({ environment, handler: this.#options.handler });
  }

  invoke(event: unknown, more: Partial<RuntimeInvocation> = {}): Promise<InvocationOutcome> {
    return this.session.invoke({
      requestId: "c0ffee00-0000-4000-8000-000000000001",
      invocationId: "attempt-1",
      deadlineMs: Date.now() + 60_000,
      invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:hello",
      traceHeader: "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1",
      event: Buffer.from(JSON.stringify(event)),
      ...more,
    });
  }

  /** Exit status, after everything that was written has been read. */
  async exited(): Promise<number | null> {
    await this.#closed;
    return this.process.exitCode;
  }

  async stop(): Promise<void> {
    this.session.close();
    this.process.kill("SIGKILL");
    await this.#closed;
    rmSync(this.taskRoot, { recursive: true, force: true });
  }
}

/** The answer as one value: parsed payload, and the error type when it is an error. */
export function readOutcome(outcome: InvocationOutcome | InitializeOutcome): unknown {
  if (!("payload" in outcome)) return { kind: outcome.kind };
  const text = Buffer.from(outcome.payload).toString();
  if (outcome.kind === "error") return { errorType: outcome.errorType, error: parse(text) };
  return outcome.contentType === undefined
    ? { result: parse(text) }
    : { contentType: outcome.contentType, text };
}

const parse = (text: string): unknown => JSON.parse(text);
