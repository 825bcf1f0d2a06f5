/** Scenario: stock clients invoke functions; a NATS subscriber stands where the worker would. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  InvokeCommand,
  type InvokeCommandInput,
  LambdaServiceException,
} from "@aws-sdk/client-lambda";
import { channels, consume, consumers } from "@paddock/bus";
import { type AsyncInvocation, limits, type SyncInvocation } from "@paddock/contracts";
import { eventually } from "@paddock/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  deploy,
  type Installation,
  lambdaClient,
  post,
  rootCredential,
  serve,
  startInstallation,
  succeed,
} from "./gateway.fixture.ts";

const arn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
const path = (name: string) => `/2015-03-31/functions/${name}/invocations`;

/** The stock command, where this machine has it. */
const awsCommand = [...(process.env["PATH"] ?? "").split(":"), "/root/.pyenv/shims"]
  .map((directory) => join(directory, "aws"))
  .find((file) => existsSync(file));

let installation: Installation;

beforeAll(async () => {
  installation = await startInstallation();
  await deploy(installation, "echo");
  await serve(installation.peer, "echo", (message) => succeed(message, message.payload));
});
afterAll(() => installation.stop());

async function refusal(input: InvokeCommandInput, client = installation.client): Promise<string> {
  try {
    await client.send(new InvokeCommand(input));
    return "accepted";
  } catch (error) {
    if (!(error instanceof LambdaServiceException)) throw error;
    return `${error.$metadata.httpStatusCode} ${error.name}: ${error.message}`;
  }
}

describe("a synchronous invocation", () => {
  it("gives the SDK the function's bytes, untouched", async () => {
    const payload = '{ "n": 1.0, "text": "é" }';
    const result = await installation.client.send(
      new InvokeCommand({ FunctionName: "echo", Payload: payload }),
    );
    expect(result.StatusCode).toBe(200);
    expect(result.Payload?.transformToString()).toBe(payload);
    expect(result.ExecutedVersion).toBe("$LATEST");
    expect(result.FunctionError).toBeUndefined();
  });

  it.each([
    ["the name", "echo"],
    ["a partial ARN", "000000000000:function:echo"],
    ["a whole ARN", arn("echo")],
    ["an ARN with a qualifier", `${arn("echo")}:$LATEST`],
  ])("finds the function by %s", async (_, FunctionName) => {
    const result = await installation.client.send(new InvokeCommand({ FunctionName }));
    expect(result.Payload?.transformToString()).toBe("{}");
  });

  it("answers with Lambda's headers, with and without a slash at the end", async () => {
    for (const target of [path("echo"), `${path("echo")}/`]) {
      const response = await post(installation.url, target, Buffer.from("[1]"), {
        "X-Amzn-Trace-Id": "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1",
      });
      expect(await response.text()).toBe("[1]");
      expect(Object.fromEntries(response.headers)).toMatchObject({
        "content-type": "application/json",
        "content-length": "3",
        "x-amz-executed-version": "$LATEST",
        "x-amzn-remapped-content-length": "0",
        "x-amzn-requestid": expect.stringMatching(/^[0-9a-f-]{36}$/),
        "x-amzn-trace-id": "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1",
      });
      expect(response.headers.has("x-amz-function-error")).toBe(false);
    }
  });

  it("tells the worker what the caller asked for", async () => {
    await deploy(installation, "seen", {
      function: { aliases: { live: { version: "7", additionalVersionWeights: {} } } },
      version: { version: "7", configId: "c7", timeoutSeconds: 60 },
    });
    const seen: SyncInvocation[] = [];
    await serve(installation.peer, "seen", (message) => {
      seen.push(message.document);
      message.respond(
        {
          status: "completed",
          requestId: message.document.requestId,
          executedVersion: "7",
          functionError: "Unhandled",
          logTailBase64: Buffer.from("a log").toString("base64"),
        },
        Buffer.from('{"errorMessage":"boom"}'),
      );
    });
    const result = await installation.client.send(
      new InvokeCommand({
        FunctionName: "seen",
        Qualifier: "live",
        LogType: "Tail",
        ClientContext: Buffer.from('{"custom":{"a":"b"}}').toString("base64"),
      }),
    );
    expect(result.FunctionError).toBe("Unhandled");
    expect(result.Payload?.transformToString()).toBe('{"errorMessage":"boom"}');
    expect(result.LogResult).toBe(Buffer.from("a log").toString("base64"));
    expect(result.ExecutedVersion).toBe("7");
    expect(seen).toMatchObject([
      {
        requestId: result.$metadata.requestId,
        functionName: "seen",
        invokedFunctionArn: `${arn("seen")}:live`,
        trigger: "invoke-api",
        target: { functionName: "seen", version: "7", configId: "c7" },
        clientContext: '{"custom":{"a":"b"}}',
        wantsLogTail: true,
        triedWorkerIds: [],
      },
    ]);
  });

  it("carries 6 MiB both ways and refuses a byte more", async () => {
    const payload = Buffer.from(`"${"a".repeat(limits.syncRequestPayloadBytes - 2)}"`);
    const result = await installation.client.send(
      new InvokeCommand({ FunctionName: "echo", Payload: payload }),
    );
    expect(Buffer.compare(Buffer.from(result.Payload ?? []), payload)).toBe(0);
    const larger = Buffer.concat([payload, Buffer.from(" ")]);
    expect(await refusal({ FunctionName: "echo", Payload: larger })).toBe(
      "413 RequestTooLargeException: 6291457 byte payload is too large for the RequestResponse invocation type (limit 6291456 bytes)",
    );
  });

  it("goes to the router when no worker serves the target, and passes on its refusal", async () => {
    await deploy(installation, "cold");
    const routed: SyncInvocation[] = [];
    const router = installation.peer.subscribe(channels.admit, {}, (message) => {
      routed.push(message.document);
      message.respond({
        status: "refused",
        requestId: message.document.requestId,
        errorCode: "TooManyRequestsException",
        message: "Rate Exceeded.",
        reason: "ConcurrentInvocationLimitExceeded",
      });
    });
    await installation.peer.flush();
    const response = await post(installation.url, path("cold"), Buffer.from("{}"));
    router.stop();
    expect(routed).toHaveLength(1);
    expect(response.status).toBe(429);
    expect(response.headers.get("x-amzn-errortype")).toBe("TooManyRequestsException");
    expect(await response.text()).toBe(
      '{"Reason":"ConcurrentInvocationLimitExceeded","Type":"User","message":"Rate Exceeded."}',
    );
  });

  it("is a ServiceException when neither worker nor router is there", async () => {
    await deploy(installation, "nobody");
    expect(await refusal({ FunctionName: "nobody" })).toContain("500 ServiceException");
  });

  it("goes on when its caller leaves, and the gateway with it", async () => {
    await deploy(installation, "slow");
    const { promise: started, resolve } = Promise.withResolvers<() => void>();
    await serve(installation.peer, "slow", (message) =>
      resolve(() => succeed(message, '"too late"')),
    );
    const controller = new AbortController();
    const sent = installation.client.send(new InvokeCommand({ FunctionName: "slow" }), {
      abortSignal: controller.signal,
    });
    const finish = await started;
    controller.abort();
    await expect(sent).rejects.toThrow("abort");
    finish();
    expect(await refusal({ FunctionName: "echo" })).toBe("accepted");
  });
});

describe("a dry run", () => {
  it("is answered by 204 and an empty body, and runs nothing", async () => {
    await deploy(installation, "dry");
    let runs = 0;
    await serve(installation.peer, "dry", (message) => {
      runs += 1;
      succeed(message, "1");
    });
    const headers = { "X-Amz-Invocation-Type": "DryRun" };
    const response = await post(installation.url, path("dry"), Buffer.from("no json"), headers);
    expect(response.status).toBe(204);
    expect(await response.text()).toBe("");
    expect(response.headers.has("x-amz-executed-version")).toBe(false);
    await post(installation.url, path("dry"), Buffer.from("{}"));
    expect(runs).toBe(1);
  });
});

describe("an asynchronous invocation", () => {
  it("is answered by 202 once the stream has it, each event once", async () => {
    const taken: { document: AsyncInvocation; payload: string }[] = [];
    const subscription = await consume(installation.peer, consumers.router, {
      batch: 100,
      handler: async (messages) => {
        for (const message of messages) {
          taken.push({
            document: message.document,
            payload: Buffer.from(message.payload).toString(),
          });
          message.ack();
        }
      },
    });
    const headers = { "X-Amz-Invocation-Type": "Event" };
    const events = Array.from({ length: 50 }, (_, index) => `{"index":${index}}`);
    const responses = await Promise.all(
      events.map((event) => post(installation.url, path("echo"), Buffer.from(event), headers)),
    );
    await eventually(() => taken.length >= events.length);
    await subscription.stop();
    expect(responses.map(({ status }) => status)).toEqual(events.map(() => 202));
    const first = responses[0];
    expect(await first?.text()).toBe("");
    expect(first?.headers.has("x-amz-executed-version")).toBe(false);
    const byId = new Map(taken.map(({ document, payload }) => [document.requestId, payload]));
    const answered = responses.map(({ headers: sent }) =>
      byId.get(sent.get("x-amzn-requestid") ?? ""),
    );
    expect(answered).toEqual(events);
    expect(taken).toHaveLength(events.length);
    expect(taken[0]?.document).toMatchObject({ functionName: "echo", trigger: "invoke-api" });
  });

  it("may have 1 MiB", async () => {
    const Payload = Buffer.from(`"${"a".repeat(limits.asyncRequestPayloadBytes - 2)}"`);
    const input = { FunctionName: "echo", InvocationType: "Event" } as const;
    expect(await refusal({ ...input, Payload })).toBe("accepted");
    expect(await refusal({ ...input, Payload: Buffer.concat([Payload, Buffer.from(" ")]) })).toBe(
      "413 RequestTooLargeException: 1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)",
    );
  });
});

describe("InvokeAsync", () => {
  it("finds a function that is being made in conflict", async () => {
    await deploy(installation, "unborn", { version: { state: "Pending" } });
    const target = "/2014-11-13/functions/unborn/invoke-async";
    const response = await post(installation.url, target, Buffer.from("{}"));
    expect(response.status).toBe(409);
    expect(response.headers.get("x-amzn-errortype")).toBe("ResourceConflictException");
  });
});

describe("a refusal", () => {
  it("has AWS's code, status and text", async () => {
    expect(await refusal({ FunctionName: "missing" })).toBe(
      `404 ResourceNotFoundException: Function not found: ${arn("missing")}`,
    );
    expect(await refusal({ FunctionName: "echo", Qualifier: "9" })).toBe(
      `404 ResourceNotFoundException: Function not found: ${arn("echo")}:9`,
    );
    expect(await refusal({ FunctionName: "echo", Payload: "{" })).toContain(
      "400 InvalidRequestContentException: Could not parse request body into json",
    );
    expect(await refusal({ FunctionName: "echo", ClientContext: "{}" })).toBe(
      "400 InvalidRequestContentException: Client context must be a valid Base64-encoded JSON object.",
    );
    await deploy(installation, "young", { version: { state: "Pending" } });
    expect(await refusal({ FunctionName: "young" })).toBe(
      "409 ResourceConflictException: The operation cannot be performed at this time. The function is currently in the following state: Pending",
    );
  });

  it("has the signature first, whatever else is wrong", async () => {
    const input = { FunctionName: "missing" };
    const as = (overrides: Parameters<typeof lambdaClient>[1]) =>
      refusal(input, lambdaClient(installation.url, overrides));
    expect(await as({ accessKeyId: "AKIAUNKNOWN000000000" })).toBe(
      "403 UnrecognizedClientException: The security token included in the request is invalid.",
    );
    expect(await as({ secretAccessKey: "a-secret-that-is-wrong" })).toContain(
      "403 InvalidSignatureException: The request signature we calculated does not match",
    );
    expect(await as({ region: "eu-west-1" })).toContain(
      "403 InvalidSignatureException: Credential should be scoped to a valid region.",
    );
    const unsigned = await fetch(installation.url + path("missing"), { method: "POST" });
    expect(unsigned.status).toBe(403);
    expect(await unsigned.text()).toBe('{"message":"Missing Authentication Token"}');
  });

  it("of a large body comes before the body was sent, and closes the connection in order", async () => {
    const { port } = installation.gateway;
    const bytes = limits.syncRequestPayloadBytes * 2;
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, "127.0.0.1");
      let received = "";
      socket.on("data", (chunk) => (received += chunk.toString()));
      socket.on("error", reject);
      socket.on("end", () => resolve(received));
      socket.write(`POST ${path("echo")} HTTP/1.1\r\nHost: x\r\nContent-Length: ${bytes}\r\n\r\n`);
      // The rest goes out only after the answer has begun; the server reads and drops it.
      socket.once("data", () => socket.write(Buffer.alloc(bytes)));
    });
    expect(answer).toContain("HTTP/1.1 413 ");
    expect(answer.toLowerCase()).toContain("connection: close");
    expect(answer).toContain(`${bytes} byte payload is too large`);
  });

  it("of a chunked body comes as soon as it is too large", async () => {
    const chunk = Buffer.alloc(1024 * 1024, 32);
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1;
        if (sent > 8) controller.close();
        else controller.enqueue(chunk);
      },
    });
    const response = await fetch(installation.url + path("echo"), {
      method: "POST",
      body,
      duplex: "half",
    });
    expect(response.status).toBe(413);
    expect(await response.text()).toContain("byte payload is too large for the RequestResponse");
  });
});

// A machine without the AWS CLI cannot run it; CI installs it.
describe.skipIf(awsCommand === undefined)(
  "the aws command (skipped where it is not installed)",
  () => {
    it("invokes, and prints the error of a refusal", async () => {
      const directory = await mkdtemp(join(tmpdir(), "paddock-test-aws-"));
      const out = join(directory, "out.json");
      const aws = (...args: string[]) =>
        promisify(execFile)(awsCommand ?? "aws", args, {
          env: {
            ...process.env,
            AWS_ACCESS_KEY_ID: rootCredential.accessKeyId,
            AWS_SECRET_ACCESS_KEY: rootCredential.secretAccessKey,
            AWS_DEFAULT_REGION: "us-east-1",
          },
        });
      const invoke = ["lambda", "invoke", "--endpoint-url", installation.url, "--function-name"];
      try {
        const { stdout } = await aws(...invoke, "echo", "--payload", '{"from":"aws"}', out);
        expect(JSON.parse(stdout)).toEqual({ StatusCode: 200, ExecutedVersion: "$LATEST" });
        expect(await readFile(out, "utf8")).toBe('{"from":"aws"}');
        const accepted = await aws(...invoke, "echo", "--invocation-type", "Event", out);
        expect(JSON.parse(accepted.stdout)).toEqual({ StatusCode: 202 });
        await expect(aws(...invoke, "missing", out)).rejects.toThrow(
          "An error occurred (ResourceNotFoundException) when calling the Invoke operation: Function not found",
        );
      } finally {
        await rm(directory, { recursive: true });
      }
    });
  },
);
