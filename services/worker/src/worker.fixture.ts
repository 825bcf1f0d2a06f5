/** A worker process of its own on real NATS and Redis; the test stands where router and control do. */
import { type ChildProcess, spawn } from "node:child_process";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Bus,
  channels,
  connectBus,
  ensureStreams,
  openCodeStore,
  openFunctions,
} from "@paddock/bus";
import type {
  EnvironmentGrant,
  FunctionRecord,
  InvocationResult,
  SyncInvocation,
  Target,
  VersionRecord,
  WorkerStatus,
} from "@paddock/contracts";
import { buildZip, eventually, startNats, startRedis, type ZipEntry } from "@paddock/testkit";

const natsPassword = "a-password-of-the-tests";
const answerWithinMs = 25_000;
/** On a machine that is busy with other tests. */
const startWithinMs = 30_000;
const offerAgainMs = 20;

export interface Answer {
  readonly result: InvocationResult;
  readonly payload: string;
}

export interface DeployOptions {
  readonly runtime?: string;
  readonly handler?: string;
  readonly timeoutSeconds?: number;
  readonly memoryMb?: number;
  readonly ephemeralStorageMb?: number;
  /** Files of each layer, in the order in which they are merged. */
  readonly layers?: readonly Record<string, ZipEntry | string>[];
  readonly environmentVariables?: Readonly<Record<string, string>>;
}

export interface WorkerFixture {
  readonly bus: Bus;
  readonly redisUrl: string;
  readonly directory: string;
  /** What the worker printed. */
  output(): string;
  status(): WorkerStatus | undefined;
  /** Makes a function of these files; returns what environments of it are made for. */
  deploy(files: Record<string, ZipEntry | string>, options?: DeployOptions): Promise<Target>;
  /** Another configuration of the same code; what environments are made for from now on. */
  reconfigure(target: Target, options: DeployOptions): Promise<Target>;
  /** As the router would: with a grant for a new environment, or to one that is there. */
  invoke(
    target: Target,
    event: unknown,
    options?: { readonly tail?: boolean; readonly warm?: boolean },
  ): Promise<Answer>;
  killWorker(signal: NodeJS.Signals): Promise<void>;
  startWorker(): Promise<void>;
  stop(): Promise<void>;
}

export async function startWorkerFixture(
  settings: Readonly<Record<string, string>> = {},
): Promise<WorkerFixture> {
  const [nats, redis] = await Promise.all([startNats({ password: natsPassword }), startRedis()]);
  const directory = await mkdtemp(join(tmpdir(), "paddock-worker-"));
  const connection = { url: nats.url, user: "paddock", password: natsPassword, name: "test" };
  const bus = await connectBus(connection);
  await ensureStreams(bus);
  const fixture = new Fixture(bus, directory, redis.url, {
    PADDOCK_DATA_DIR: directory,
    PADDOCK_NATS_URL: nats.url,
    PADDOCK_NATS_PASSWORD: natsPassword,
    PADDOCK_REDIS_URL: redis.url,
    PADDOCK_SANDBOX_NETWORK: "closed",
    ...settings,
  });
  fixture.onStop = async () => {
    await bus.close();
    await Promise.all([nats.stop(), redis.stop()]);
    await rm(directory, { recursive: true, force: true });
  };
  await fixture.startWorker();
  return fixture;
}

class Fixture implements WorkerFixture {
  readonly bus: Bus;
  readonly directory: string;
  readonly redisUrl: string;
  onStop: () => Promise<void> = async () => undefined;
  readonly #settings: Readonly<Record<string, string>>;
  #process: ChildProcess | undefined;
  #output = "";
  #status: WorkerStatus | undefined;

  constructor(
    bus: Bus,
    directory: string,
    redisUrl: string,
    settings: Readonly<Record<string, string>>,
  ) {
    this.bus = bus;
    this.directory = directory;
    this.redisUrl = redisUrl;
    this.#settings = settings;
    // What the worker cannot take now, the router would offer again.
    bus.subscribe(channels.admit, {}, (message) => {
      const workerId = this.#status?.workerId ?? "";
      const invocation = { ...message.document, triedWorkerIds: [] };
      setTimeout(() => {
        message.forward(channels.run, { workerId }, { invocation }, message.payload);
      }, offerAgainMs);
    });
    bus.subscribe(channels.status, {}, ({ document }) => {
      this.#status = document;
    });
  }

  output(): string {
    return this.#output;
  }

  status(): WorkerStatus | undefined {
    return this.#status;
  }

  async startWorker(): Promise<void> {
    this.#status = undefined;
    const child = spawn(process.execPath, [join(import.meta.dirname, "main.ts")], {
      env: { PATH: process.env["PATH"] ?? "", ...this.#settings },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    const keep = (chunk: Buffer): void => {
      this.#output = (this.#output + chunk.toString()).slice(-100_000);
    };
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    this.#process = child;
    const hasStarted = (): void => {
      if (child.exitCode !== null) throw new Error(`the worker ended:\n${this.#output}`);
      if (this.#status === undefined) throw new Error(`no status yet:\n${this.#output}`);
    };
    await eventually(hasStarted, { timeoutMs: startWithinMs });
  }

  async deploy(
    files: Record<string, ZipEntry | string>,
    options: DeployOptions = {},
  ): Promise<Target> {
    const code = await this.#store(files);
    const layers = await Promise.all((options.layers ?? []).map((layer) => this.#store(layer)));
    const functionName = `f-${randomBytes(4).toString("hex")}`;
    const target = { functionName, version: "$LATEST", configId: randomUUID() };
    const record = {
      ...versionRecord(target, options),
      codeSha256: code.sha256,
      codeSizeBytes: code.sizeBytes,
      layers: layers.map(({ sha256 }) => sha256),
    };
    const functions = openFunctions(this.bus);
    await functions.put(
      { kind: "function", functionName },
      { kind: "function", record: functionRecord(functionName) },
    );
    await functions.put(
      { kind: "version", functionName, version: "$LATEST" },
      {
        kind: "version",
        record,
      },
    );
    return target;
  }

  /** Puts an archive where the worker fetches it. */
  async #store(
    files: Record<string, ZipEntry | string>,
  ): Promise<{ sha256: string; sizeBytes: number }> {
    const zip = await buildZip(files);
    const sha256 = createHash("sha256").update(zip).digest("hex");
    await openCodeStore(this.bus).put(sha256, zip);
    return { sha256, sizeBytes: zip.length };
  }

  async reconfigure(target: Target, options: DeployOptions): Promise<Target> {
    const functions = openFunctions(this.bus);
    const { functionName, version } = target;
    const key = { kind: "version", functionName, version } as const;
    const before = await functions.get(key);
    if (before?.kind !== "version") throw new Error(`${functionName} is not deployed`);
    const changed = { ...target, configId: randomUUID() };
    const record = { ...before.record, ...versionRecord(changed, options) };
    await functions.put(key, { kind: "version", record });
    return changed;
  }

  async invoke(
    target: Target,
    event: unknown,
    options: { readonly tail?: boolean; readonly warm?: boolean } = {},
  ): Promise<Answer> {
    const workerId = this.#status?.workerId ?? "";
    const invocation = syncInvocation(target, options.tail ?? false);
    const grant: EnvironmentGrant = {
      environmentId: randomBytes(16).toString("hex"),
      memoryMb: 128,
      reason: { kind: "first-request" },
    };
    const placed = options.warm === true ? { invocation } : { invocation, grant };
    const body = Buffer.from(JSON.stringify(event));
    const request = { timeoutMs: answerWithinMs };
    const reply = await this.bus.request(channels.run, { workerId }, placed, body, request);
    return { result: reply.document, payload: Buffer.from(reply.payload).toString("utf8") };
  }

  async killWorker(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await ended;
  }

  async stop(): Promise<void> {
    await this.killWorker("SIGTERM");
    await this.onStop();
  }
}

function syncInvocation(target: Target, wantsLogTail: boolean): SyncInvocation {
  const nowMs = Date.now();
  return {
    requestId: randomUUID(),
    functionName: target.functionName,
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${target.functionName}`,
    trigger: "invoke-api",
    traceHeader: "Root=1-00000000-000000000000000000000000;Sampled=0",
    acceptedAtMs: nowMs,
    target,
    wantsLogTail,
    triedWorkerIds: [],
    expiresAtMs: nowMs + answerWithinMs,
  };
}

function functionRecord(functionName: string): FunctionRecord {
  const functionArn = `arn:aws:lambda:us-east-1:000000000000:function:${functionName}`;
  return { functionName, functionId: randomUUID(), functionArn, aliases: {}, asyncConfigs: {} };
}

function versionRecord(
  target: Target,
  options: DeployOptions,
): Omit<VersionRecord, "codeSha256" | "codeSizeBytes" | "layers"> {
  return {
    ...target,
    functionArn: `arn:aws:lambda:us-east-1:000000000000:function:${target.functionName}`,
    state: "Active",
    runtime: options.runtime ?? "nodejs24.x",
    handler: options.handler ?? "index.handler",
    roleArn: "arn:aws:iam::000000000000:role/test",
    timeoutSeconds: options.timeoutSeconds ?? 5,
    memoryMb: options.memoryMb ?? 256,
    ephemeralStorageMb: options.ephemeralStorageMb ?? 512,
    environmentVariables: { ...options.environmentVariables },
    logging: { format: "Text", group: `/aws/lambda/${target.functionName}` },
    architecture: "x86_64",
  };
}
