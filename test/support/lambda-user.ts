/** What a user of Lambda does with the stock SDK: make functions, call them, under names of their own. */
import { randomBytes } from "node:crypto";
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  type InvokeCommandInput,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import { buildZip, eventually, type PaddockAccess, type ZipEntry } from "@paddock/testkit";

export const ROLE_ARN = "arn:aws:iam::000000000000:role/any";
const ACTIVE_WITHIN_MS = 30_000;

export function uniqueName(prefix: string): string {
  return `${prefix}-${randomBytes(4).toString("hex")}`;
}

export interface FunctionPlan extends Partial<CreateFunctionCommandInput> {
  readonly files: Readonly<Record<string, ZipEntry>>;
}

export interface Invoked {
  readonly status: number | undefined;
  /** undefined where the function did not fail. */
  readonly functionError: string | undefined;
  readonly executedVersion: string | undefined;
  readonly requestId: string;
  /** The body as it came. */
  readonly text: string;
  /** The body as JSON. */
  readonly json: any; // oxlint-disable-line typescript/no-explicit-any -- tests look into any answer
  /** Last 4 KB of the log; empty without LogType Tail. */
  readonly log: string;
}

export interface LambdaUser {
  readonly client: LambdaClient;
  /** Creates a function (Node 24, `index.handler` by default), waits until it is active: its name. */
  readonly createFunction: (plan: FunctionPlan) => Promise<string>;
  readonly untilActive: (functionName: string) => Promise<void>;
  readonly invoke: (
    functionName: string,
    event?: unknown,
    more?: Partial<InvokeCommandInput>,
  ) => Promise<Invoked>;
  /** Invokes with LogType Tail. */
  readonly invokeWithLog: (functionName: string, event?: unknown) => Promise<Invoked>;
  /** Invokes as Event: the request id. */
  readonly send: (functionName: string, event?: unknown) => Promise<string>;
}

export function createLambdaUser(access: PaddockAccess): LambdaUser {
  const client = new LambdaClient({
    endpoint: access.endpoint,
    region: access.region,
    credentials: { accessKeyId: access.accessKeyId, secretAccessKey: access.secretAccessKey },
    maxAttempts: 1,
  });
  const user: LambdaUser = {
    client,
    createFunction: async (plan) => createFunction(user, plan),
    // As the SDK's waiter does, without its pause of a second at least.
    untilActive: async (FunctionName) => {
      await eventually(
        async () => {
          const command = new GetFunctionConfigurationCommand({ FunctionName });
          return (await client.send(command)).State === "Active";
        },
        { timeoutMs: ACTIVE_WITHIN_MS },
      );
    },
    invoke: async (functionName, event = {}, more = {}) =>
      invoke(client, { FunctionName: functionName, Payload: JSON.stringify(event), ...more }),
    invokeWithLog: async (functionName, event) =>
      user.invoke(functionName, event, { LogType: "Tail" }),
    send: async (functionName, event) =>
      (await user.invoke(functionName, event, { InvocationType: "Event" })).requestId,
  };
  return user;
}

async function createFunction(user: LambdaUser, { files, ...plan }: FunctionPlan): Promise<string> {
  const functionName = plan.FunctionName ?? uniqueName("function");
  await user.client.send(
    new CreateFunctionCommand({
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Role: ROLE_ARN,
      Timeout: 10,
      Code: { ZipFile: await buildZip(files) },
      ...plan,
      FunctionName: functionName,
    }),
  );
  await user.untilActive(functionName);
  return functionName;
}

async function invoke(client: LambdaClient, input: InvokeCommandInput): Promise<Invoked> {
  const output = await client.send(new InvokeCommand(input));
  const text = Buffer.from(output.Payload ?? []).toString();
  return {
    status: output.StatusCode,
    functionError: output.FunctionError,
    executedVersion: output.ExecutedVersion,
    requestId: output.$metadata.requestId ?? "",
    text,
    json: text === "" ? undefined : JSON.parse(text),
    log: Buffer.from(output.LogResult ?? "", "base64").toString(),
  };
}
