/** Making functions and calling them, with names that no other test uses. */
import { randomBytes } from "node:crypto";
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  InvokeCommand,
  type InvokeCommandInput,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import { buildZip, type ZipEntry } from "@paddock/testkit";
import { lambda } from "./clients.ts";

export const ROLE_ARN = "arn:aws:iam::000000000000:role/any";
const ACTIVE_WITHIN_SECONDS = 30;

export function uniqueName(prefix: string): string {
  return `${prefix}-${randomBytes(4).toString("hex")}`;
}

export interface FunctionPlan extends Partial<CreateFunctionCommandInput> {
  readonly files: Readonly<Record<string, ZipEntry>>;
}

/** Creates a function (Node 24, `index.handler` by default), waits until it is active: its name. */
export async function createFunction({ files, ...plan }: FunctionPlan): Promise<string> {
  const functionName = plan.FunctionName ?? uniqueName("function");
  await lambda.send(
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
  await untilActive(functionName);
  return functionName;
}

export async function untilActive(functionName: string): Promise<void> {
  await waitUntilFunctionActiveV2(
    { client: lambda, maxWaitTime: ACTIVE_WITHIN_SECONDS, minDelay: 1, maxDelay: 1 },
    { FunctionName: functionName },
  );
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

export async function invoke(
  functionName: string,
  event: unknown = {},
  more: Partial<InvokeCommandInput> = {},
): Promise<Invoked> {
  const output = await lambda.send(
    new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event), ...more }),
  );
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

export function invokeWithLog(functionName: string, event: unknown = {}): Promise<Invoked> {
  return invoke(functionName, event, { LogType: "Tail" });
}
