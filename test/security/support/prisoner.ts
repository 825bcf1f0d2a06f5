/** Functions that try to get out, called through the signed Lambda API of a whole Paddock. */
import { readFileSync } from "node:fs";
import {
  CreateFunctionCommand,
  InvokeCommand,
  LambdaClient,
  type Runtime,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import { statusReportSchema } from "@paddock/contracts/admin";
import { buildZip, type TestPaddock, type ZipEntry } from "@paddock/testkit";

const ACTIVE_WITHIN_SECONDS = 20;
const probe = readFileSync(new URL("../fixtures/probe.py", import.meta.url));

/** One thing to try: see fixtures/probe.py. */
export interface Attempt {
  readonly do: string;
  readonly [argument: string]: unknown;
}

/** What came of it: a value, or the kernel's refusal. */
export interface Outcome {
  readonly value?: any; // oxlint-disable-line typescript/no-explicit-any -- tests look into any value
  readonly errno?: string;
}

export interface OtherCode {
  readonly runtime: Runtime;
  readonly handler: string;
  readonly files: Readonly<Record<string, ZipEntry>>;
}

export interface Prison {
  /** Creates a function that does what its events say; `more` goes into its archive. */
  admit(name: string, more?: Readonly<Record<string, ZipEntry>>): Promise<void>;
  /** Creates a function of another runtime. */
  admitOther(name: string, code: OtherCode): Promise<void>;
  /** Has it make its attempts, one after the other. */
  attempt(name: string, attempts: readonly Attempt[]): Promise<readonly Outcome[]>;
  /** The same for one. */
  attemptOne(name: string, attempt: Attempt): Promise<Outcome>;
  /** Answer of the API as it came, for functions that do not survive their attempt. */
  invoke(name: string, event: unknown): Promise<{ error: string | undefined; text: string }>;
}

export async function openPrison(paddock: TestPaddock): Promise<Prison> {
  const { endpoint, region, accessKeyId, secretAccessKey } = paddock.access;
  const credentials = { accessKeyId, secretAccessKey };
  const lambda = new LambdaClient({ endpoint, region, credentials, maxAttempts: 1 });
  const runtime = await pythonOf(paddock);
  const invoke = async (name: string, event: unknown) => {
    const command = new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) });
    const { FunctionError: error, Payload } = await lambda.send(command);
    return { error, text: Buffer.from(Payload ?? []).toString() };
  };
  const attempt = async (name: string, attempts: readonly Attempt[]) => {
    const { error, text } = await invoke(name, attempts);
    if (error !== undefined) throw new Error(`${name}: ${text}`);
    const outcomes: readonly Outcome[] = JSON.parse(text);
    return outcomes;
  };
  const admitOther = (name: string, code: OtherCode) => create(lambda, name, code);
  return {
    admit: (name, more = {}) => {
      const files = { "probe.py": probe, ...more };
      return admitOther(name, { runtime, handler: "probe.handler", files });
    },
    admitOther,
    invoke,
    attempt,
    attemptOne: async (name, one) => (await attempt(name, [one]))[0] ?? {},
  };
}

async function create(
  lambda: LambdaClient,
  name: string,
  { runtime, handler, files }: OtherCode,
): Promise<void> {
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Runtime: runtime,
      Handler: handler,
      Role: "arn:aws:iam::000000000000:role/any",
      Timeout: 60,
      // A whole CPU: one of them reads every file that it finds.
      MemorySize: 1769,
      Code: { ZipFile: await buildZip(files) },
    }),
  );
  const wait = { client: lambda, maxWaitTime: ACTIVE_WITHIN_SECONDS, minDelay: 1, maxDelay: 1 };
  await waitUntilFunctionActiveV2(wait, { FunctionName: name });
}

async function pythonOf(paddock: TestPaddock): Promise<Runtime> {
  const status = statusReportSchema.parse(JSON.parse(await paddock.cli("status", "--json")));
  const python = status.runtimes.find((runtime) => runtime.startsWith("python"));
  if (python === undefined) throw new Error("these tests need a Python that Paddock can run");
  return python as Runtime; // The API is what checks it.
}
