/** What the measures need to know of a running Paddock. */
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  DeleteFunctionCommand,
  InvokeCommand,
  LambdaClient,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import { signRequest } from "@paddock/iam";
import { buildZip, type PaddockAccess } from "@paddock/testkit";

export type Stack = PaddockAccess;

export function lambdaClient(stack: Stack): LambdaClient {
  return new LambdaClient({
    endpoint: `http://${stack.host}:${stack.port}`,
    region: stack.region,
    credentials: {
      accessKeyId: stack.accessKeyId,
      secretAccessKey: stack.secretAccessKey,
    },
    maxAttempts: 1,
  });
}

const sources = {
  "nodejs24.x": { "index.mjs": "export const handler = async () => ({ ok: true });\n" },
  "nodejs22.x": { "index.mjs": "export const handler = async () => ({ ok: true });\n" },
  "nodejs20.x": { "index.mjs": "export const handler = async () => ({ ok: true });\n" },
  python: { "index.py": "def handler(event, context):\n    return {'ok': True}\n" },
} as const;

export async function createFunction(
  client: LambdaClient,
  functionName: string,
  runtime: string,
  more: Partial<CreateFunctionCommandInput> = {},
): Promise<void> {
  const files = runtime.startsWith("python")
    ? sources.python
    : sources[runtime as keyof typeof sources];
  await client.send(
    new CreateFunctionCommand({
      FunctionName: functionName,
      Runtime: runtime as CreateFunctionCommandInput["Runtime"],
      Handler: "index.handler",
      Role: "arn:aws:iam::000000000000:role/bench",
      Code: { ZipFile: await buildZip(files) },
      Timeout: 30,
      // One virtual CPU: with less, the benchmark would measure the CPU quota.
      MemorySize: 1769,
      ...more,
    }),
  );
  await waitUntilFunctionActiveV2(
    { client, maxWaitTime: 30, minDelay: 1 },
    {
      FunctionName: functionName,
    },
  );
}

export async function deleteFunction(client: LambdaClient, functionName: string): Promise<void> {
  await client.send(new DeleteFunctionCommand({ FunctionName: functionName }));
}

/** Throws where the function failed: a benchmark of errors says nothing. */
export async function invokeOnce(client: LambdaClient, functionName: string): Promise<void> {
  const answer = await client.send(new InvokeCommand({ FunctionName: functionName }));
  if (answer.FunctionError !== undefined) {
    throw new Error(`${functionName}: ${Buffer.from(answer.Payload ?? []).toString()}`);
  }
}

/**
 * A signed Invoke as bytes. It is sent over and over: a signature holds for minutes, and the server
 * verifies each one, whoever computed it.
 */
export function signedInvoke(
  stack: Stack,
  functionName: string,
  options: { readonly invocationType?: "Event"; readonly body?: string } = {},
): string {
  const body = options.body ?? "{}";
  const target = `/2015-03-31/functions/${functionName}/invocations`;
  const type = options.invocationType;
  const headers = signRequest({
    method: "POST",
    target,
    headers: [
      ...["Host", `${stack.host}:${stack.port}`],
      ...["Content-Type", "application/json"],
      ...(type === undefined ? [] : ["X-Amz-Invocation-Type", type]),
    ],
    body: Buffer.from(body),
    credentials: { accessKeyId: stack.accessKeyId, secretAccessKey: stack.secretAccessKey },
    region: stack.region,
    service: "lambda",
    nowMs: Date.now(),
  });
  const lines = [`POST ${target} HTTP/1.1`, `Content-Length: ${Buffer.byteLength(body)}`];
  for (let index = 0; index < headers.length; index += 2) {
    lines.push(`${headers[index] ?? ""}: ${headers[index + 1] ?? ""}`);
  }
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}
