/** What the measures need to know of a running Paddock. */
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  DeleteFunctionCommand,
  InvokeCommand,
  LambdaClient,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import { statusReportSchema } from "@paddock/contracts/admin";
import { signRequest } from "@paddock/iam";
import { buildZip, type PaddockAccess } from "@paddock/testkit";

export type Stack = PaddockAccess;

/** The newest that the machine has. */
export async function newestPython(stack: Stack): Promise<string | undefined> {
  const { runtimes } = statusReportSchema.parse(await readAdmin(stack, "status"));
  const minor = (runtime: string): number => Number(runtime.split(".")[1]);
  return runtimes
    .filter((runtime) => runtime.startsWith("python"))
    .toSorted((a, b) => minor(a) - minor(b))
    .at(-1);
}

/** A document of the admin API. */
export async function readAdmin(stack: Stack, path: string): Promise<unknown> {
  const answer = await fetch(`http://${stack.host}:${stack.port}/_paddock/api/${path}`, {
    headers: { authorization: `Bearer ${stack.adminToken}` },
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

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

type Files = Readonly<Record<string, string>>;

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
  { files, ...more }: Partial<CreateFunctionCommandInput> & { readonly files?: Files } = {},
): Promise<void> {
  const plain = runtime.startsWith("python")
    ? sources.python
    : sources[runtime as keyof typeof sources];
  await client.send(
    new CreateFunctionCommand({
      FunctionName: functionName,
      Runtime: runtime as CreateFunctionCommandInput["Runtime"],
      Handler: "index.handler",
      Role: "arn:aws:iam::000000000000:role/bench",
      Code: { ZipFile: await buildZip(files ?? plain) },
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

interface InvokeOptions {
  readonly invocationType?: "Event";
  readonly body?: string;
}

/**
 * A signed Invoke as bytes. It is sent over and over: a signature holds for minutes, and the server
 * verifies each one, whoever computed it.
 */
export function signedInvoke(
  stack: Stack,
  functionName: string,
  options: InvokeOptions = {},
): string {
  const { target, headers, body } = signedInvokeParts(stack, functionName, options);
  const lines = [`POST ${target} HTTP/1.1`, `Content-Length: ${Buffer.byteLength(body)}`];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

/** The same for clients that make the bytes themselves. */
export function signedInvokeParts(
  stack: Stack,
  functionName: string,
  { body = "{}", invocationType }: InvokeOptions = {},
) {
  const target = `/2015-03-31/functions/${functionName}/invocations`;
  const signed = signRequest({
    method: "POST",
    target,
    headers: [
      ...["Host", `${stack.host}:${stack.port}`],
      ...["Content-Type", "application/json"],
      ...(invocationType === undefined ? [] : ["X-Amz-Invocation-Type", invocationType]),
    ],
    body: Buffer.from(body),
    credentials: { accessKeyId: stack.accessKeyId, secretAccessKey: stack.secretAccessKey },
    region: stack.region,
    service: "lambda",
    nowMs: Date.now(),
  });
  const headers: Record<string, string> = {};
  for (let index = 0; index < signed.length; index += 2) {
    headers[signed[index] ?? ""] = signed[index + 1] ?? "";
  }
  return { target, headers, body };
}
