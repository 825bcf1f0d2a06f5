/** Scenario: servers go away and come back, clients misbehave, the gateway is told to stop. */
import { connect as connectTcp } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { channels, consume, consumers, HeldInvocations, openCredentials } from "@paddock/bus";
import { type UsageRecord, workerLost } from "@paddock/contracts";
import { eventually } from "@paddock/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  deploy,
  type Installation,
  lambdaClient,
  post,
  rootCredential,
  type RunMessage,
  serve,
  startInstallation,
  succeed,
} from "./gateway.fixture.ts";
import { gatewayLimits } from "./limits.ts";

const path = "/2015-03-31/functions/echo/invocations";
let installation: Installation;

beforeEach(async () => {
  installation = await startInstallation();
  await deploy(installation, "echo");
});
afterEach(() => installation.stop());

const invoke = () =>
  installation.client.send(new InvokeCommand({ FunctionName: "echo", Payload: "1" }));

describe("while NATS is away", () => {
  it("answers ServiceException at once, and works again by itself afterwards", async () => {
    await serve(installation.peer, "echo", (message) => succeed(message, message.payload));
    await invoke();
    await installation.nats.kill();
    await eventually(async () => {
      const health = await fetch(`${installation.url}/_paddock/health`);
      return health.status === 503;
    });
    await expect(invoke()).rejects.toMatchObject({ name: "ServiceException" });
    const event = { "X-Amz-Invocation-Type": "Event" };
    const refused = await post(installation.url, path, Buffer.from("1"), event);
    expect(refused.status).toBe(500);
    await installation.nats.restart();
    const result = await eventually(invoke);
    expect(result.Payload?.transformToString()).toBe("1");
    await eventually(async () => {
      const accepted = await post(installation.url, path, Buffer.from("1"), event);
      return accepted.status === 202;
    });
  });

  it("tells those who wait, once it stays away", async () => {
    const { promise: begun, resolve } = Promise.withResolvers<RunMessage>();
    await serve(installation.peer, "echo", resolve);
    const waiting = invoke().then(
      () => "answered",
      (error: unknown) => (error instanceof Error ? error.name : String(error)),
    );
    await begun;
    await installation.nats.kill();
    expect(await waiting).toBe("ServiceException");
    await installation.nats.restart();
  });

  it("learns afterwards what changed meanwhile", async () => {
    // A request that the peer sent into the dying server would wait for its own time-out.
    await installation.nats.kill();
    await eventually(() => !installation.peer.isConnected);
    await installation.nats.restart();
    await eventually(() => installation.peer.isConnected);
    const second = { ...rootCredential, accessKeyId: "AKIAPADDOCKEXAMPLE02" };
    await openCredentials(installation.peer).put(second.accessKeyId, second);
    await deploy(installation, "later");
    await serve(installation.peer, "later", (message) => succeed(message, '"here"'));
    const client = lambdaClient(installation.url, { accessKeyId: second.accessKeyId });
    const result = await eventually(() =>
      client.send(new InvokeCommand({ FunctionName: "later" })),
    );
    expect(result.Payload?.transformToString()).toBe('"here"');
  });
});

describe("a worker that is lost with an invocation", () => {
  it("costs its caller no more than a moment, and leaves the attempt on record", async () => {
    const { promise: begun, resolve } = Promise.withResolvers<RunMessage>();
    await serve(installation.peer, "echo", resolve);
    const waiting = invoke();
    waiting.catch(() => undefined);
    const { requestId } = (await begun).document;
    const records: UsageRecord[] = [];
    const taking = await consume(installation.peer, consumers.meterUsage, {
      batch: 1,
      handler: async (messages) => {
        for (const message of messages) {
          records.push(...message.document.records);
          message.ack();
        }
      },
    });
    await expect(waiting).rejects.toMatchObject({
      name: "ServiceException",
      message: "The worker that had the invocation was lost. The function may have run.",
      $metadata: { httpStatusCode: 500 },
    });
    await eventually(() => expect(records).toHaveLength(1));
    expect(records[0]).toMatchObject({
      requestId,
      attempt: 1,
      functionName: "echo",
      invocationType: "RequestResponse",
      outcome: "platform-error",
      errorType: workerLost,
      billedMs: 0,
    });
    await taking.stop();
  });

  it("is not taken for lost while its worker says that it has it", async () => {
    const { promise: begun, resolve } = Promise.withResolvers<RunMessage>();
    await serve(installation.peer, "echo", resolve);
    const waiting = invoke();
    const message = await begun;
    const { requestId } = message.document;
    const held = new HeldInvocations(installation.peer, "worker-1");
    held.add(requestId);
    await sleep(gatewayLimits.lostAfterMs + 2 * gatewayLimits.lostCheckMs);
    succeed(message, '"late"');
    expect((await waiting).Payload?.transformToString()).toBe('"late"');
    held.stop();
  });
});

describe("an invocation that nobody receives", () => {
  it("is sent again until a router is there", async () => {
    const waiting = invoke();
    const router = installation.peer.subscribe(channels.admit, {}, (message) => {
      const { requestId } = message.document;
      const document = { status: "completed", requestId, executedVersion: "$LATEST" } as const;
      message.respond(document, Buffer.from('"at last"'));
    });
    expect((await waiting).Payload?.transformToString()).toBe('"at last"');
    router.stop();
  });
});

describe("a credential that is deleted", () => {
  it("opens nothing any more", async () => {
    await serve(installation.peer, "echo", (message) => succeed(message, message.payload));
    await invoke();
    await openCredentials(installation.peer).delete(rootCredential.accessKeyId);
    await eventually(async () => {
      const { status } = await post(installation.url, path, Buffer.from("1"));
      return status === 403;
    });
    await expect(invoke()).rejects.toMatchObject({ name: "UnrecognizedClientException" });
  });
});

describe("clients that misbehave", () => {
  const send = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connectTcp(installation.gateway.port, "127.0.0.1");
      let received = "";
      socket.on("data", (chunk) => (received += chunk.toString()));
      socket.on("error", reject);
      socket.on("close", () => resolve(received));
      socket.write(text);
    });

  it("are refused more than 1 MB of headers", async () => {
    const header = `X-Long: ${"a".repeat(1024 * 1024)}`;
    expect(await send(`POST ${path} HTTP/1.1\r\nHost: x\r\n${header}\r\n\r\n`)).toContain(
      "HTTP/1.1 431 ",
    );
  });

  it("may leave in the middle of a body without harm", async () => {
    await new Promise<void>((resolve) => {
      const socket = connectTcp(installation.gateway.port, "127.0.0.1", () => {
        socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf`, () => {
          socket.destroy();
          resolve();
        });
      });
    });
    await serve(installation.peer, "echo", (message) => succeed(message, message.payload));
    expect((await invoke()).StatusCode).toBe(200);
  });
});

describe("a gateway that is told to stop", () => {
  it("finishes what is under way and takes nothing new", async () => {
    const { promise: begun, resolve } = Promise.withResolvers<RunMessage>();
    await serve(installation.peer, "echo", resolve);
    const waiting = invoke();
    const message = await begun;
    const stopped = installation.gateway.stop();
    await eventually(async () => {
      const refused = await fetch(installation.url).then(
        () => false,
        () => true,
      );
      return refused;
    });
    succeed(message, '"done"');
    expect((await waiting).Payload?.transformToString()).toBe('"done"');
    await stopped;
  });
});
