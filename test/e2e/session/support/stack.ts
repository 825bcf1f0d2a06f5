/** A whole Paddock and the clients that the session's tests use beside the terminal. */
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  InvokeCommand,
  LambdaClient,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import {
  type InvocationDetail,
  invocationDetailSchema,
  invocationsPageSchema,
  type LogLine,
  logLineSchema,
  statusReportSchema,
} from "@paddock/contracts/admin";
import { buildZip, startPaddock, type TestPaddock, type ZipEntry } from "@paddock/testkit";

const ACTIVE_WITHIN_SECONDS = 20;

export interface FunctionPlan extends Partial<CreateFunctionCommandInput> {
  readonly files: Readonly<Record<string, ZipEntry>>;
}

export interface Session {
  readonly paddock: TestPaddock;
  /** Creates a function (Node 24, `index.handler` by default) and waits until it is active. */
  createFunction(name: string, plan: FunctionPlan): Promise<void>;
  /** Answer of a RequestResponse invocation, as JSON; rejects where the function failed. */
  invoke(name: string, event: unknown): Promise<unknown>;
  /** Every invocation on record of a function with its attempts and log, oldest first. */
  invocationsOf(name: string): Promise<InvocationDetail[]>;
  logLinesOf(name: string): Promise<LogLine[]>;
  /** Runtimes that the worker has. */
  runtimes(): Promise<readonly string[]>;
}

/** `settings` by flag, without the dashes. */
export async function startSession(
  settings: Readonly<Record<string, string>> = {},
): Promise<Session> {
  const all = { "async-retry-delays-seconds": "1,1", ...settings };
  const paddock = await startPaddock({ settings: all });
  const { endpoint, region, accessKeyId, secretAccessKey } = paddock.access;
  const credentials = { accessKeyId, secretAccessKey };
  const lambda = new LambdaClient({ endpoint, region, credentials, maxAttempts: 1 });
  return {
    paddock,
    createFunction: (name, plan) => createFunction(lambda, name, plan),
    invoke: (name, event) => invoke(lambda, name, event),
    invocationsOf: (name) => invocationsOf(paddock, name),
    async logLinesOf(name) {
      const lines = await paddock.cli("logs", name, "--since", "1h", "--json");
      return lines
        .split("\n")
        .filter(Boolean)
        .map((line) => logLineSchema.parse(JSON.parse(line)));
    },
    async runtimes() {
      return statusReportSchema.parse(JSON.parse(await paddock.cli("status", "--json"))).runtimes;
    },
  };
}

async function createFunction(
  lambda: LambdaClient,
  name: string,
  { files, ...plan }: FunctionPlan,
): Promise<void> {
  await lambda.send(
    new CreateFunctionCommand({
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Role: "arn:aws:iam::000000000000:role/any",
      Code: { ZipFile: await buildZip(files) },
      ...plan,
      FunctionName: name,
    }),
  );
  const wait = { client: lambda, maxWaitTime: ACTIVE_WITHIN_SECONDS, minDelay: 1, maxDelay: 1 };
  await waitUntilFunctionActiveV2(wait, { FunctionName: name });
}

async function invoke(lambda: LambdaClient, name: string, event: unknown): Promise<unknown> {
  const command = new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) });
  const { FunctionError, Payload } = await lambda.send(command);
  const text = Buffer.from(Payload ?? []).toString();
  if (FunctionError !== undefined) throw new Error(`${name}: ${text}`);
  return JSON.parse(text);
}

async function invocationsOf(paddock: TestPaddock, name: string): Promise<InvocationDetail[]> {
  const listed = await paddock.cli("invocations", "ls", "--function", name, "--json");
  const { invocations } = invocationsPageSchema.parse(JSON.parse(listed));
  const details: InvocationDetail[] = [];
  for (const { requestId } of invocations.toReversed()) {
    const shown = await paddock.cli("invocations", "show", requestId, "--json");
    details.push(invocationDetailSchema.parse(JSON.parse(shown)));
  }
  return details;
}
