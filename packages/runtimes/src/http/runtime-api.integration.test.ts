/** The Runtime API's state machine over real connections (spec §3.1, §3.2). */
import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RuntimeInvocation, RuntimeSession } from "../port.ts";
import { createHttpSession } from "./session.ts";

const maxResponseBytes = 6_291_556;
const api = "/2018-06-01/runtime";

const invocation: RuntimeInvocation = {
  requestId: "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
  invocationId: "attempt-1",
  deadlineMs: 1_542_409_706_888,
  invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:hello:live",
  traceHeader: "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=1",
  clientContext: '{"custom":\n{"k":"ü€"}}',
  event: Buffer.from('{"a":"ü"}'),
};

let listener: net.Server;
let session: RuntimeSession;
let port = 0;

beforeEach(async () => {
  listener = net.createServer();
  session = createHttpSession({ listener, onLog: () => {}, maxResponseBytes });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  port = (listener.address() as net.AddressInfo).port;
});
afterEach(() => {
  session.close();
  listener.close();
});

interface Reply {
  readonly status: number | undefined;
  readonly headers: readonly string[];
  readonly text: string;
}

function call(
  method: string,
  path: string,
  body: string | Buffer = "",
  headers: http.OutgoingHttpHeaders = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = http.request({ port, method, path, headers, agent: false }, (response) => {
      let text = "";
      response
        .setEncoding("utf8")
        .on("data", (piece: string) => (text += piece))
        .on("end", () =>
          resolve({ status: response.statusCode, headers: response.rawHeaders, text }),
        );
    });
    request.on("error", reject);
    request.end(body);
  });
}

const next = () => call("GET", `${api}/invocation/next`);
const answerPath = (action: string, id = invocation.requestId) =>
  `${api}/invocation/${id}/${action}`;
const respond = (body: string | Buffer, headers: http.OutgoingHttpHeaders = {}) =>
  call("POST", answerPath("response"), body, headers);
const refusal = (status: number, errorType: string, errorMessage: string) => ({
  status,
  text: JSON.stringify({ errorMessage, errorType }),
});

const transition = (from: string, to: string) =>
  refusal(
    403,
    "InvalidStateTransition",
    `State transition from ${from} to ${to} failed for runtime. Error: State transition is not allowed`,
  );

async function running() {
  const waiting = next();
  expect(await session.initialize({ environment: {}, handler: "" })).toEqual({ kind: "ready" });
  const outcome = session.invoke(invocation);
  return { outcome, event: await waiting };
}

describe("the Runtime API", () => {
  it("gives the event with every header under its exact name", async () => {
    const { event } = await running();
    expect(event.status).toBe(200);
    expect(event.text).toBe('{"a":"ü"}');
    const headers = event.headers.slice(0, 16);
    expect(headers).toEqual([
      "Content-Type",
      "application/json",
      "Content-Length",
      "10",
      "Lambda-Runtime-Aws-Request-Id",
      invocation.requestId,
      "Lambda-Runtime-Invocation-Id",
      "attempt-1",
      "Lambda-Runtime-Deadline-Ms",
      "1542409706888",
      "Lambda-Runtime-Invoked-Function-Arn",
      invocation.invokedFunctionArn,
      "Lambda-Runtime-Trace-Id",
      invocation.traceHeader,
      "Lambda-Runtime-Client-Context",
      Buffer.from('{"custom": {"k":"ü€"}}').toString("latin1"),
    ]);
  });

  it("takes the response, and is settled when the runtime asks for the next event", async () => {
    const { outcome } = await running();
    const reply = await respond('"done"', { "Lambda-Runtime-Invocation-Id": "attempt-1" });
    expect(reply).toMatchObject({ status: 202, text: '{"status":"OK"}' });
    expect(await outcome).toEqual({ kind: "response", payload: Buffer.from('"done"') });
    let isSettled = false;
    const settled = session.settled().then(() => (isSettled = true));
    await respond("late");
    expect(isSettled).toBe(false);
    const waiting = next();
    await settled;
    const second = session.invoke({ ...invocation, requestId: "second" });
    expect((await waiting).headers).toContain("second");
    expect(await respond("of the first")).toMatchObject(
      refusal(400, "InvalidRequestID", "Invalid request ID"),
    );
    await call("POST", answerPath("error", "second"), '{"errorType":"E"}', {
      "Lambda-Runtime-Function-Error-Type": "Function.Custom",
    });
    expect(await second).toEqual({
      kind: "error",
      errorType: "Function.Custom",
      payload: Buffer.from('{"errorType":"E"}'),
    });
  });

  it("gives the event to the latest of two calls, and tells the older one", async () => {
    const older = next();
    await session.initialize({ environment: {}, handler: "" });
    const newer = next();
    expect(await older).toMatchObject(transition("Ready", "Ready"));
    void session.invoke(invocation);
    expect((await newer).text).toBe('{"a":"ü"}');
  });

  it("keeps an event for a runtime that lost its connection while it waited", async () => {
    const accepted = once(listener, "connection") as Promise<[net.Socket]>;
    const lost = net.connect(port, "127.0.0.1");
    lost.write(`GET ${api}/invocation/next HTTP/1.1\r\nHost: x\r\n\r\n`);
    await session.initialize({ environment: {}, handler: "" });
    const [connection] = await accepted;
    const closed = once(connection, "close");
    lost.destroy();
    await closed;
    void session.invoke(invocation);
    expect((await next()).text).toBe('{"a":"ü"}');
  });

  it.each([
    ["Runtime.Known", "Runtime.Known"],
    ["Function.Known", "Function.Known"],
    ["Function.not known", "Function.Unknown"],
    ["Whatever", "Runtime.Unknown"],
    [undefined, "Runtime.Unknown"],
  ])("takes the error type %s as %s", async (header, errorType) => {
    const { outcome } = await running();
    const headers = header === undefined ? {} : { "Lambda-Runtime-Function-Error-Type": header };
    await call("POST", answerPath("error"), "{}", headers);
    expect(await outcome).toMatchObject({ kind: "error", errorType });
  });

  it("passes an init error on and refuses what comes after it", async () => {
    const posted = call("POST", `${api}/init/error`, '{"errorMessage":"m"}', {
      "Lambda-Runtime-Function-Error-Type": "Runtime.NoSuchHandler",
    });
    expect(await session.initialize({ environment: {}, handler: "" })).toEqual({
      kind: "error",
      errorType: "Runtime.NoSuchHandler",
      payload: Buffer.from('{"errorMessage":"m"}'),
    });
    expect(await posted).toMatchObject({ status: 202, text: '{"status":"OK"}' });
    expect((await next()).text).toContain(
      "State transition from InitError to Ready failed for runtime.",
    );
  });

  it("puts a streamed response together", async () => {
    const { outcome } = await running();
    const headers = {
      "Lambda-Runtime-Function-Response-Mode": "streaming",
      "Transfer-Encoding": "chunked",
      "Content-Type": "application/vnd.awslambda.http-integration-response",
    };
    await respond("part", headers);
    expect(await outcome).toEqual({
      kind: "response",
      contentType: "application/vnd.awslambda.http-integration-response",
      payload: Buffer.from("part"),
    });
  });

  it("takes an error from the trailers of a streamed response", async () => {
    const { outcome } = await running();
    const socket = net.connect(port, "127.0.0.1");
    const body = Buffer.from('{"errorType":"E"}').toString("base64");
    socket.write(
      `POST ${answerPath("response")} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n` +
        "Lambda-Runtime-Function-Response-Mode: streaming\r\n" +
        "Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r\n\r\n" +
        `4\r\nhalf\r\n0\r\nLambda-Runtime-Function-Error-Type: Runtime.Torn\r\nLambda-Runtime-Function-Error-Body: ${body}\r\n\r\n`,
    );
    expect(await outcome).toEqual({
      kind: "error",
      errorType: "Runtime.Torn",
      payload: Buffer.from('{"errorType":"E"}'),
    });
    socket.destroy();
  });

  it("calls a response whose connection breaks truncated", async () => {
    const { outcome } = await running();
    const socket = net.connect(port, "127.0.0.1");
    socket.write(
      `POST ${answerPath("response")} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf`,
    );
    socket.end();
    expect(await outcome).toMatchObject({ kind: "error", errorType: "Runtime.TruncatedResponse" });
  });

  it("answers 413 over the limit, takes exactly the limit, and goes on", async () => {
    const { outcome } = await running();
    const message = "Exceeded maximum allowed payload size (6291556 bytes).";
    expect(await respond(Buffer.alloc(maxResponseBytes + 1))).toMatchObject(
      refusal(413, "RequestEntityTooLarge", message),
    );
    expect(await outcome).toEqual({ kind: "response-too-large" });
    const waiting = next();
    await session.settled();
    const second = session.invoke(invocation);
    await waiting;
    expect(await respond(Buffer.alloc(maxResponseBytes))).toMatchObject({ status: 202 });
    expect(await second).toMatchObject({ kind: "response" });
  });
});

describe("the Runtime API refuses", () => {
  it("the next event before an answer", async () => {
    await running();
    expect(await next()).toMatchObject(transition("Running", "Ready"));
  });

  it("a second answer", async () => {
    await running();
    await respond("1");
    expect(await respond("2")).toMatchObject(
      transition("RuntimeResponseSent", "InvocationResponse"),
    );
    expect(await call("POST", answerPath("error"), "{}")).toMatchObject(
      transition("RuntimeResponseSent", "InvocationErrorResponse"),
    );
  });

  it("an init error after init", async () => {
    await running();
    expect(await call("POST", `${api}/init/error`, "{}")).toMatchObject(
      transition("Running", "InitError"),
    );
  });

  it("an answer before any event", async () => {
    expect(await respond("1")).toMatchObject(
      refusal(400, "InvalidRequestID", "Invalid request ID"),
    );
  });

  it("the answer of another attempt of the same request", async () => {
    await running();
    expect(await respond("1", { "Lambda-Runtime-Invocation-Id": "attempt-0" })).toMatchObject(
      refusal(400, "InvalidInvocationId", "Invalid invocation ID"),
    );
    expect(await respond("1")).toMatchObject({ status: 202 });
  });

  it("a response mode that is none", async () => {
    await running();
    const headers = { "Lambda-Runtime-Function-Response-Mode": "quick" };
    expect((await respond("1", headers)).text).toContain("InvalidFunctionResponseMode");
  });

  it("restore calls: nothing was snapshot", async () => {
    expect((await call("GET", `${api}/restore/next`)).status).toBe(403);
    expect((await call("POST", `${api}/restore/error`)).status).toBe(403);
  });

  it.each(["/", "/2018-06-01/other", "/2016-01-01/x", "/2018-06-01/runtime/invocation"])(
    "the path %s",
    async (path) => {
      expect((await call("GET", path)).status).toBe(404);
    },
  );

  it("what is no HTTP, and goes on", async () => {
    const socket = net.connect(port, "127.0.0.1");
    socket.write("\0\0\0 rubbish\r\n\r\n");
    const [reply] = (await once(socket, "data")) as [Buffer];
    expect(reply.toString()).toContain("400 Bad Request");
    socket.destroy();
    for (const path of ["/ping", "/2018-06-01/ping"]) {
      expect(await call("GET", path)).toMatchObject({ status: 200, text: "pong" });
    }
  });
});

it("says that it failed when its listener goes away", async () => {
  listener.close();
  expect(await session.failed).toEqual({ reason: "the listener was closed" });
});
