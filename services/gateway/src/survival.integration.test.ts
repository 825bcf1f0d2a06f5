/** Scenario: servers go away and come back, clients misbehave, the gateway is told to stop. */
import { connect as connectTcp } from "node:net";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { openCredentials } from "@paddock/bus";
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
