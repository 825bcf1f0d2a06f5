/** A whole Paddock whose processes can be found, killed and counted, and the stock SDK to use it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  CreateFunctionCommand,
  InvokeCommand,
  LambdaClient,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import {
  type InvocationDetail,
  invocationDetailSchema,
  invocationsPageSchema,
  type InvocationSummary,
  type UsageReport,
  usageReportSchema,
} from "@paddock/contracts/admin";
import { buildZip, eventually, startPaddock, type TestPaddock } from "@paddock/testkit";
import { faultLimits } from "./limits.ts";

/** Those whose death others need longest to get over come first. */
export const processNames = [
  "worker",
  "meter",
  "router",
  "nats",
  "gateway",
  "control",
  "scheduler",
  "streams",
  "redis",
  "postgres",
] as const;
export type ProcessName = (typeof processNames)[number];

/** As the supervisor registers it in `<data-directory>/processes.json`. */
export interface RegisteredProcess {
  readonly pid: number;
  readonly startTicks: string;
}

const role = "arn:aws:iam::000000000000:role/any";

export class FaultyStack {
  readonly paddock: TestPaddock;
  readonly client: LambdaClient;

  private constructor(paddock: TestPaddock) {
    this.paddock = paddock;
    const { endpoint, region, accessKeyId, secretAccessKey } = paddock.access;
    // One attempt: what a caller sees is what Paddock answered.
    const credentials = { accessKeyId, secretAccessKey };
    this.client = new LambdaClient({ endpoint, region, credentials, maxAttempts: 1 });
  }

  static async start(settings: Readonly<Record<string, string>> = {}): Promise<FaultyStack> {
    return new FaultyStack(await startPaddock({ settings }));
  }

  async stop(): Promise<void> {
    this.client.destroy();
    await this.paddock.stop();
  }

  async processes(): Promise<Readonly<Record<string, RegisteredProcess>>> {
    const file = join(this.paddock.access.dataDirectory, "processes.json");
    return JSON.parse(await readFile(file, "utf8"));
  }

  async processOf(name: ProcessName): Promise<RegisteredProcess> {
    const found = (await this.processes())[name];
    if (found === undefined) throw new Error(`${name} is not registered`);
    return found;
  }

  async kill(name: ProcessName): Promise<RegisteredProcess> {
    const killed = await this.processOf(name);
    process.kill(killed.pid, "SIGKILL");
    return killed;
  }

  /** Resolves when the supervisor has started it again. */
  async runsAgain(name: ProcessName, killed: RegisteredProcess): Promise<void> {
    await this.eventually(async () => (await this.processOf(name)).pid !== killed.pid);
  }

  eventually<Value>(check: () => Promise<Value>): Promise<Value> {
    return eventually(check, {
      timeoutMs: faultLimits.effectMs,
      intervalMs: faultLimits.pollMs,
    });
  }

  /** `source`: index.mjs. Resolves when the function is active. */
  async deploy(
    functionName: string,
    source: string,
    variables: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const command = new CreateFunctionCommand({
      FunctionName: functionName,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Role: role,
      Code: { ZipFile: await buildZip({ "index.mjs": source }) },
      Timeout: faultLimits.functionTimeoutSeconds,
      Environment: { Variables: variables },
    });
    await this.client.send(command);
    const waiter = { client: this.client, maxWaitTime: 30, minDelay: 1 };
    await waitUntilFunctionActiveV2(waiter, { FunctionName: functionName });
  }

  /** Runs to its answer; rejects where it failed or did not answer within the caller's bound. */
  async invoke(functionName: string, event: unknown = {}): Promise<{ requestId: string }> {
    const answer = await this.#send({ functionName, event, type: "RequestResponse" });
    if (answer.FunctionError === undefined) return requestIdOf(answer);
    throw new Error(Buffer.from(answer.Payload ?? []).toString());
  }

  /** Resolves with the request id once the event was accepted (202). */
  async accept(functionName: string, event: unknown = {}): Promise<string> {
    const answer = await this.#send({ functionName, event, type: "Event" });
    if (answer.StatusCode !== 202) throw new Error(`status ${answer.StatusCode}`);
    return requestIdOf(answer).requestId;
  }

  #send({ functionName, event, type }: Sending) {
    const command = new InvokeCommand({
      FunctionName: functionName,
      InvocationType: type,
      Payload: JSON.stringify(event),
    });
    return this.client.send(command, { abortSignal: AbortSignal.timeout(faultLimits.callerMs) });
  }

  /** Everything on record for the function, synchronous ones included. */
  async invocations(functionName: string): Promise<InvocationSummary[]> {
    const found: InvocationSummary[] = [];
    let cursor: string | undefined;
    do {
      const query = new URLSearchParams({
        function: functionName,
        limit: String(faultLimits.pageSize),
        ...(cursor === undefined ? {} : { cursor }),
      });
      const page = invocationsPageSchema.parse(await this.#read(`invocations?${query.toString()}`));
      found.push(...page.invocations);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return found;
  }

  async detail(requestId: string): Promise<InvocationDetail> {
    return invocationDetailSchema.parse(await this.#read(`invocations/${requestId}`));
  }

  async usage(functionName: string): Promise<UsageReport> {
    return usageReportSchema.parse(await this.#read(`usage?function=${functionName}`));
  }

  /** Resolves when the event's fate and its attempts, which travel apart, are on record. */
  untilDecided(requestId: string): Promise<InvocationDetail> {
    return this.eventually(async () => {
      const detail = await this.detail(requestId);
      const { fate, state } = detail.invocation;
      if (fate === undefined) throw new Error(`${requestId} is still ${state}`);
      if (detail.attempts.length === 0) throw new Error(`${requestId} has no attempt on record`);
      return detail;
    });
  }

  /** Resolves when an attempt of the invocation is on record. */
  untilRecorded(requestId: string): Promise<InvocationDetail> {
    return this.eventually(async () => {
      const detail = await this.detail(requestId);
      if (detail.attempts.length === 0) throw new Error(`${requestId} has no attempt on record`);
      return detail;
    });
  }

  async #read(path: string): Promise<unknown> {
    const { endpoint, adminToken } = this.paddock.access;
    const response = await fetch(`${endpoint}/_paddock/api/${path}`, {
      headers: { authorization: `Bearer ${adminToken}` },
      signal: AbortSignal.timeout(faultLimits.callerMs),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }
}

interface Sending {
  readonly functionName: string;
  readonly event: unknown;
  readonly type: "RequestResponse" | "Event";
}

function requestIdOf(answer: { $metadata: { requestId?: string | undefined } }) {
  const { requestId } = answer.$metadata;
  if (requestId === undefined) throw new Error("the answer names no request id");
  return { requestId };
}
