import { connect } from "@nats-io/transport-node";
import type { SyncInvocation } from "@paddock/contracts";
import { eventually, startNats, type TestServer } from "@paddock/testkit";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Bus, BusProblem } from "./bus.ts";
import { connectBus } from "./connection.ts";
import { BusUnavailableError, NoRespondersError, RequestTimeoutError } from "./errors.ts";
import { channels } from "./subjects.ts";

/** Requests, replies, forwarding and refusals on a real server. */

const target = { functionName: "hello", version: "$LATEST", configId: "c1" };
function syncInvocation(requestId: string): SyncInvocation {
  return {
    requestId,
    functionName: "hello",
    invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:hello",
    trigger: "invoke-api",
    traceHeader: "Root=1-0-0",
    acceptedAtMs: 1,
    target,
    wantsLogTail: false,
    triedWorkerIds: [],
    expiresAtMs: 9e12,
  };
}

const password = "secret";
let server: TestServer;
const open: Bus[] = [];

async function bus(onProblem?: (problem: BusProblem) => void): Promise<Bus> {
  const made = await connectBus({
    url: server.url,
    user: "paddock",
    password,
    name: "test",
    ...(onProblem === undefined ? {} : { onProblem }),
  });
  open.push(made);
  return made;
}

beforeAll(async () => {
  server = await startNats({ password });
});
afterEach(async () => {
  for (const made of open.splice(0)) await made.close();
});
afterAll(() => server.stop());

describe("requests", () => {
  it("carries document and payload both ways", async () => {
    const worker = await bus();
    const gateway = await bus();
    worker.subscribe(channels.invoke, target, (message) => {
      message.respond(
        { status: "completed", requestId: message.document.requestId, executedVersion: "$LATEST" },
        Buffer.concat([Buffer.from("echo:"), message.payload]),
      );
    });
    await worker.flush();
    const reply = await gateway.request(
      channels.invoke,
      target,
      syncInvocation("r1"),
      Buffer.from("payload"),
      { timeoutMs: 5_000 },
    );
    expect(reply.document).toMatchObject({ status: "completed", requestId: "r1" });
    expect(Buffer.from(reply.payload).toString()).toBe("echo:payload");
  });

  it("carries a payload of 6 MiB", async () => {
    const worker = await bus();
    worker.subscribe(channels.admit, {}, (message) => {
      message.respond(
        { status: "completed", requestId: "r", executedVersion: "1" },
        message.payload,
      );
    });
    const payload = Buffer.alloc(6 * 1024 * 1024, 7);
    const gateway = await bus();
    await worker.flush();
    const reply = await gateway.request(channels.admit, {}, syncInvocation("r"), payload, {
      timeoutMs: 10_000,
    });
    expect(Buffer.compare(reply.payload, payload)).toBe(0);
  });

  it("rejects at once when nobody subscribes", async () => {
    const gateway = await bus();
    const request = gateway.request(channels.invoke, target, syncInvocation("r"), undefined, {
      timeoutMs: 60_000,
    });
    await expect(request).rejects.toBeInstanceOf(NoRespondersError);
  });

  it("rejects after the time-out when nobody answers", async () => {
    const router = await bus();
    router.subscribe(channels.admit, {}, () => undefined);
    await router.flush();
    const request = router.request(channels.admit, {}, syncInvocation("r"), undefined, {
      timeoutMs: 50,
    });
    await expect(request).rejects.toBeInstanceOf(RequestTimeoutError);
  });

  it("lets the router forward to a worker that answers the gateway", async () => {
    const [gateway, router, worker] = [await bus(), await bus(), await bus()];
    router.subscribe(channels.admit, {}, (message) => {
      const document = { invocation: message.document };
      message.forward(channels.run, { workerId: "w1" }, document, message.payload);
    });
    worker.subscribe(channels.run, { workerId: "w1" }, (message) => {
      const { requestId } = message.document.invocation;
      message.respond({ status: "completed", requestId, executedVersion: "7" }, message.payload);
    });
    await router.flush();
    await worker.flush();
    const reply = await gateway.request(
      channels.admit,
      {},
      syncInvocation("r9"),
      Buffer.from("x"),
      { timeoutMs: 5_000 },
    );
    expect(reply.document).toEqual({ status: "completed", requestId: "r9", executedVersion: "7" });
    expect(Buffer.from(reply.payload).toString()).toBe("x");
  });
});

describe("forwarding to nobody", () => {
  it("tells the forwarder at once, who can still answer the one who asked", async () => {
    const [gateway, router] = [await bus(), await bus()];
    router.subscribe(channels.admit, {}, (message) => {
      const document = { invocation: message.document };
      const { requestId } = message.document;
      message.forward(channels.run, { workerId: "gone" }, document, message.payload, () => {
        message.respond({
          status: "refused",
          requestId,
          errorCode: "ServiceException",
          message: "the worker is gone",
        });
      });
    });
    await router.flush();
    const reply = await gateway.request(channels.admit, {}, syncInvocation("r10"), undefined, {
      timeoutMs: 5_000,
    });
    expect(reply.document).toMatchObject({ status: "refused", message: "the worker is gone" });
  });

  it("says nothing where somebody receives it, whose answer reaches the one who asked", async () => {
    const [gateway, router, worker] = [await bus(), await bus(), await bus()];
    let undelivered = 0;
    router.subscribe(channels.admit, {}, (message) => {
      const document = { invocation: message.document };
      const count = (): void => void (undelivered += 1);
      message.forward(channels.run, { workerId: "w2" }, document, message.payload, count);
    });
    worker.subscribe(channels.run, { workerId: "w2" }, (message) => {
      const { requestId } = message.document.invocation;
      message.respond({ status: "completed", requestId, executedVersion: "7" }, message.payload);
    });
    await router.flush();
    await worker.flush();
    const reply = await gateway.request(channels.admit, {}, syncInvocation("r11"), undefined, {
      timeoutMs: 5_000,
    });
    expect(reply.document).toMatchObject({ status: "completed", requestId: "r11" });
    expect(undelivered).toBe(0);
  });
});

describe("messages that do not fit", () => {
  it("reports, counts and drops a broken document and goes on", async () => {
    const problems: BusProblem[] = [];
    const receiver = await bus((problem) => problems.push(problem));
    const seen: string[] = [];
    receiver.subscribe(channels.drain, { workerId: "w" }, (message) => {
      seen.push(message.document.target.configId);
    });
    await receiver.flush();
    const sender = await bus();
    // A sender of another build: the type system does not protect the wire.
    const broken = { target: { functionName: "no spaces allowed" } } as never;
    sender.publish(channels.drain, { workerId: "w" }, broken);
    sender.publish(channels.drain, { workerId: "w" }, { target, grants: [] });
    await eventually(() => expect(seen).toEqual(["c1"]));
    expect(receiver.malformedMessages).toBe(1);
    expect(problems).toMatchObject([
      { kind: "malformed-message", subject: "paddock.worker.w.drain" },
    ]);
  });

  it("reports a handler that throws and goes on", async () => {
    const problems: BusProblem[] = [];
    const receiver = await bus((problem) => problems.push(problem));
    let calls = 0;
    receiver.subscribe(channels.queued, {}, () => {
      calls += 1;
      throw new Error("broken handler");
    });
    await receiver.flush();
    const address = { functionName: "f", version: "$LATEST" };
    receiver.publish(channels.queued, address, undefined);
    receiver.publish(channels.queued, address, undefined);
    await eventually(() => expect(calls).toBe(2));
    expect(problems.map((p) => p.kind)).toEqual(["handler-failed", "handler-failed"]);
  });
});

describe("external clients", () => {
  it("may request an invocation and read the raw answer", async () => {
    const gateway = await bus();
    gateway.subscribe(channels.invokeByName, {}, (message) => {
      expect(message.expectsReply).toBe(true);
      message.respond(undefined, Buffer.from(`ran ${message.address.functionName}`), {
        "X-A": "1",
      });
    });
    await gateway.flush();
    const external = await connectBus({ url: server.url, name: "external" });
    open.push(external);
    const reply = await external.request(
      channels.invokeByName,
      { functionName: "hello" },
      undefined,
      Buffer.from("{}"),
      { timeoutMs: 5_000 },
    );
    expect(Buffer.from(reply.payload).toString()).toBe("ran hello");
    expect(reply.header("X-A")).toBe("1");
  });
});

describe("a request from outside whose reply subject is no inbox", () => {
  it("is dropped and reported, on a server where one account holds everybody", async () => {
    const plain = await startNats();
    const gateway = await connectBus({ url: plain.url, name: "gateway" });
    const attacker = await connect({ servers: plain.url });
    try {
      let handled = 0;
      gateway.subscribe(channels.invokeByName, {}, () => {
        handled += 1;
      });
      await gateway.flush();
      attacker.publish("invoke.hello", "{}", { reply: "paddock.ledger.usage" });
      await eventually(() => expect(gateway.malformedMessages).toBe(1));
      expect(handled).toBe(0);
    } finally {
      await attacker.close();
      await gateway.close();
      await plain.stop();
    }
  });
});

describe("connecting", () => {
  it("refuses a server whose messages are too small, and says which setting", async () => {
    const small = await startNats({ maxPayloadBytes: 1024 * 1024 });
    try {
      const connecting = connectBus({ url: small.url, name: "test" });
      await expect(connecting).rejects.toThrow(/max_payload: 8388608/);
      await expect(connecting).rejects.toBeInstanceOf(BusUnavailableError);
    } finally {
      await small.stop();
    }
  });

  it("refuses a wrong password at once", async () => {
    const connecting = connectBus({ url: server.url, user: "paddock", password: "no", name: "t" });
    await expect(connecting).rejects.toThrow(/refuses the user "paddock"/);
  });
});

describe("closing", () => {
  it("ends in order when the server goes away in that moment", async () => {
    const going = await startNats();
    try {
      const made = await connectBus({ url: going.url, name: "test" });
      const subscription = made.subscribe(channels.queued, {}, () => undefined);
      await made.flush();
      const { pid } = going;
      if (pid === undefined) throw new Error("the server does not run");
      // It answers nothing any more, and is gone while others wait for its answer.
      process.kill(pid, "SIGSTOP");
      const ended = Promise.all([subscription.drain(), made.close()]);
      await going.kill();
      await expect(ended).resolves.toBeDefined();
    } finally {
      await going.stop();
    }
  });
});
