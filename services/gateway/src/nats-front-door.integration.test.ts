/** Scenario: any NATS client, without a password, invokes functions by subject. */
import { connect, headers, type NatsConnection } from "@nats-io/transport-node";
import { consume, consumers } from "@paddock/bus";
import type { AsyncInvocation } from "@paddock/contracts";
import { eventually } from "@paddock/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deploy, type Installation, serve, startInstallation, succeed } from "./gateway.fixture.ts";

let installation: Installation;
let outside: NatsConnection;

beforeAll(async () => {
  installation = await startInstallation();
  outside = await connect({ servers: installation.nats.url });
  await deploy(installation, "echo", {
    function: { aliases: { live: { version: "3", additionalVersionWeights: {} } } },
  });
  await deploy(installation, "echo", {
    function: { aliases: { live: { version: "3", additionalVersionWeights: {} } } },
    version: { version: "3" },
  });
  await serve(installation.peer, "echo", (message) => succeed(message, message.payload));
});
afterAll(async () => {
  await outside.close();
  await installation.stop();
});

describe("a request on invoke.<function>", () => {
  it("is answered with the function's result", async () => {
    const reply = await outside.request("invoke.echo", '{"from":"nats"}');
    expect(reply.string()).toBe('{"from":"nats"}');
    expect(reply.headers?.get("X-Paddock-Status")).toBe("200");
    expect(reply.headers?.get("X-Amz-Executed-Version")).toBe("$LATEST");
    expect(reply.headers?.get("x-amzn-RequestId")).toMatch(/^[0-9a-f-]{36}$/);
    expect(reply.headers?.has("X-Amz-Function-Error")).toBe(false);
  });

  it("runs the version or alias that its header Qualifier names", async () => {
    const asked = headers();
    asked.set("Qualifier", "live");
    const reply = await outside.request("invoke.echo", "1", { headers: asked, timeout: 5000 });
    expect(reply.headers?.get("X-Amz-Executed-Version")).toBe("3");
  });

  it("says when the function failed", async () => {
    await deploy(installation, "broken");
    await serve(installation.peer, "broken", (message) => {
      const { requestId } = message.document;
      message.respond(
        {
          status: "completed",
          requestId,
          executedVersion: "$LATEST",
          functionError: "Unhandled",
        },
        Buffer.from('{"errorMessage":"boom"}'),
      );
    });
    const reply = await outside.request("invoke.broken", "{}");
    expect(reply.headers?.get("X-Amz-Function-Error")).toBe("Unhandled");
    expect(reply.json()).toEqual({ errorMessage: "boom" });
  });

  it("is answered with Lambda's error where it cannot be carried out", async () => {
    const missing = await outside.request("invoke.missing", "{}");
    expect(missing.headers?.get("X-Paddock-Status")).toBe("404");
    expect(missing.headers?.get("x-amzn-ErrorType")).toBe("ResourceNotFoundException");
    expect(missing.json()).toEqual({
      Type: "User",
      Message: "Function not found: arn:aws:lambda:us-east-1:000000000000:function:missing",
    });
    const garbled = await outside.request("invoke.echo", "{");
    expect(garbled.headers?.get("X-Paddock-Status")).toBe("400");
    expect(garbled.headers?.get("x-amzn-ErrorType")).toBe("InvalidRequestContentException");
  });
});

describe("a message on invoke.<function>", () => {
  it("is accepted as an asynchronous invocation under a request id of its own", async () => {
    const taken: { document: AsyncInvocation; payload: string }[] = [];
    const subscription = await consume(installation.peer, consumers.router, {
      batch: 10,
      handler: async (messages) => {
        for (const { document, payload, ack } of messages.map((message) => ({
          document: message.document,
          payload: Buffer.from(message.payload).toString(),
          ack: () => message.ack(),
        }))) {
          taken.push({ document, payload });
          ack();
        }
      },
    });
    outside.publish("invoke.echo", "not json");
    outside.publish("invoke.echo", '{"n":1}');
    outside.publish("invoke.echo");
    await eventually(() => taken.length === 2);
    await subscription.stop();
    expect(taken.map(({ payload }) => payload).toSorted()).toEqual(['{"n":1}', "{}"]);
    expect(taken[0]?.document).toMatchObject({
      functionName: "echo",
      trigger: "nats-invoke",
      triggerDetail: "invoke.echo",
    });
    expect(new Set(taken.map(({ document }) => document.requestId)).size).toBe(2);
  });
});
