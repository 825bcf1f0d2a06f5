/** The host's side against a peer that may send anything at all. */
import { duplexPair, type Duplex } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { FunctionLogLine, RuntimeInvocation } from "../port.ts";
import { answerSettledFlag, runtimeFrame } from "./frames.ts";
import { createFramedSession } from "./session.ts";

const maxResponseBytes = 1000;

const invocation: RuntimeInvocation = {
  requestId: "id-1",
  invocationId: "attempt-1",
  deadlineMs: 1,
  invokedFunctionArn: "arn",
  traceHeader: "Root=1",
  event: Buffer.from('{"a":1}'),
};

const frame = (type: number, body: Uint8Array = Buffer.alloc(0)): Buffer => {
  const header = Buffer.alloc(5);
  header.writeUInt32BE(body.length, 0);
  header[4] = type;
  return Buffer.concat([header, body]);
};

const answer = (flags: number, label: string, payload: string): Buffer => {
  const head = Buffer.alloc(3);
  head[0] = flags;
  head.writeUInt16BE(Buffer.byteLength(label), 1);
  return Buffer.concat([head, Buffer.from(label), Buffer.from(payload)]);
};

const logBody = (timestampMs: number, text: string): Buffer => {
  const head = Buffer.alloc(8);
  head.writeDoubleBE(timestampMs, 0);
  return Buffer.concat([head, Buffer.from(text)]);
};

const bootReady = frame(runtimeFrame.bootReady, Buffer.from([1]));
const initDone = frame(runtimeFrame.initDone);
const settled = frame(runtimeFrame.settled);

function connect() {
  const [channel, peer]: [Duplex, Duplex] = duplexPair();
  const logs: FunctionLogLine[] = [];
  const session = createFramedSession({
    channel,
    onLog: (line) => logs.push(line),
    maxResponseBytes,
  });
  const written: Buffer[] = [];
  peer.on("data", (chunk: Buffer) => written.push(chunk)).on("error", () => {});
  return { session, peer, logs, received: () => Buffer.concat(written) };
}

async function startRunning() {
  const connection = connect();
  connection.peer.write(bootReady);
  await connection.session.booted;
  const initialized = connection.session.initialize({ environment: {}, handler: "a.b" });
  connection.peer.write(initDone);
  await initialized;
  return { ...connection, outcome: connection.session.invoke(invocation) };
}

describe("a framed session", () => {
  it("takes a function through boot, initialise and invoke", async () => {
    const { session, peer, logs, outcome, received } = await startRunning();
    peer.write(frame(runtimeFrame.log, logBody(42, "line\nsecond")));
    const body = answer(answerSettledFlag, "", '"done"');
    peer.write(frame(runtimeFrame.response, body));
    expect(await outcome).toEqual({ kind: "response", payload: Buffer.from('"done"') });
    expect(logs).toEqual([{ timestampMs: 42, text: "line\nsecond" }]);
    await session.settled();
    const text = received().toString();
    expect(text).toContain('{"environment":{},"handler":"a.b","maxResponseBytes":1000}');
    expect(text).toContain('"requestId":"id-1"');
    expect(text.endsWith('{"a":1}')).toBe(true);
  });

  it("reads frames that arrive a byte at a time, and several in one chunk", async () => {
    const { session, peer, logs, outcome } = await startRunning();
    const bytes = Buffer.concat([
      frame(runtimeFrame.log, logBody(1, "ä")),
      frame(runtimeFrame.responsePart, Buffer.from("one ")),
      frame(runtimeFrame.response, answer(0, "text/plain", "two")),
      settled,
    ]);
    for (const byte of bytes) peer.write(Buffer.from([byte]));
    const payload = Buffer.from("one two");
    expect(await outcome).toEqual({ kind: "response", payload, contentType: "text/plain" });
    await session.settled();
    expect(logs.map((line) => line.text)).toEqual(["ä"]);
    const second = session.invoke(invocation);
    peer.write(
      Buffer.concat([
        frame(runtimeFrame.log, logBody(1, "x")),
        frame(runtimeFrame.error, answer(1, "E", "{}")),
      ]),
    );
    expect(await second).toEqual({ kind: "error", errorType: "E", payload: Buffer.from("{}") });
  });

  it("is settled only when the runtime asks for the next event", async () => {
    const { session, peer, outcome } = await startRunning();
    peer.write(frame(runtimeFrame.response, answer(0, "", "1")));
    await outcome;
    let isSettled = false;
    const waiting = session.settled().then(() => (isSettled = true));
    await nextTurn();
    expect(isSettled).toBe(false);
    peer.write(settled);
    await waiting;
  });

  it("gives an error that was posted before the socket closed", async () => {
    const { session, peer, outcome } = await startRunning();
    peer.write(frame(runtimeFrame.error, answer(0, "Error", "{}")));
    peer.end();
    expect((await outcome).kind).toBe("error");
    expect(await session.failed).toEqual({ reason: "the runtime closed its socket" });
  });

  it("passes an init error on as it is", async () => {
    const { session, peer } = connect();
    peer.write(bootReady);
    await session.booted;
    const initialized = session.initialize({ environment: {}, handler: "a.b" });
    peer.write(frame(runtimeFrame.initError, answer(0, "Runtime.X", '{"errorType":"Runtime.X"}')));
    expect(await initialized).toEqual({
      kind: "error",
      errorType: "Runtime.X",
      payload: Buffer.from('{"errorType":"Runtime.X"}'),
    });
  });

  it("counts parts of a streamed response against the limit", async () => {
    const { peer, outcome } = await startRunning();
    for (let part = 0; part < 3; part += 1) {
      peer.write(frame(runtimeFrame.responsePart, Buffer.alloc(500)));
    }
    peer.write(frame(runtimeFrame.response, answer(1, "", "")));
    expect(await outcome).toEqual({ kind: "response-too-large" });
  });

  it("drops what was streamed before an error", async () => {
    const { peer, outcome } = await startRunning();
    peer.write(frame(runtimeFrame.responsePart, Buffer.from("half")));
    peer.write(frame(runtimeFrame.error, answer(1, "Error", "{}")));
    expect(await outcome).toMatchObject({ kind: "error", payload: Buffer.from("{}") });
  });

  it("throws when the worker itself is out of order", async () => {
    const { session } = await startRunning();
    expect(() => session.invoke(invocation)).toThrow("session is running, not ready");
  });

  it("stays silent after close", async () => {
    const { session, peer, logs } = await startRunning();
    session.close();
    session.close();
    peer.write(frame(runtimeFrame.log, logBody(1, "late")));
    await nextTurn();
    expect(logs).toEqual([]);
  });
});

const oversized = Buffer.alloc(5);
oversized.writeUInt32BE(0xffffffff, 0);
oversized[4] = runtimeFrame.log;

const rubbish: readonly (readonly [string, Buffer, string])[] = [
  ["an unknown type", frame(0x7f), "unknown frame type 127"],
  ["text", Buffer.from("HTTP/1.1 200 OK\r\n\r\n"), "unknown frame type 47"],
  ["a frame of four gigabytes", oversized, "frame type 137 of 4294967295 bytes, at most 262152"],
  ["a second boot-ready", bootReady, "unexpected boot-ready while running"],
  ["a second end of init", initDone, "unexpected end of init while running"],
  ["settled before an answer", settled, "unexpected settled while running"],
  ["a log line without time", frame(runtimeFrame.log, Buffer.from("abc")), "malformed log line"],
  ["an answer without head", frame(runtimeFrame.response, Buffer.from([0])), "malformed answer"],
  [
    "a label that is longer than its frame",
    frame(runtimeFrame.error, Buffer.from([0, 1, 0])),
    "malformed answer",
  ],
];

describe("a framed session ends, and the worker goes on, after", () => {
  it.each(rubbish)("%s", async (_name, bytes, reason) => {
    const { session, peer } = await startRunning();
    peer.write(bytes);
    expect(await session.failed).toEqual({ reason });
    session.close();
  });

  it("a second answer", async () => {
    const { session, peer, outcome } = await startRunning();
    peer.write(frame(runtimeFrame.response, answer(1, "", "1")));
    await outcome;
    peer.write(frame(runtimeFrame.response, answer(1, "", "2")));
    expect(await session.failed).toEqual({ reason: "unexpected answer while ready" });
  });

  it("another protocol version", async () => {
    const { session, peer } = connect();
    peer.write(frame(runtimeFrame.bootReady, Buffer.from([9])));
    expect(await session.failed).toEqual({ reason: "protocol version 9, not 1" });
  });

  it("a log line before boot-ready", async () => {
    const { session, peer } = connect();
    peer.write(frame(runtimeFrame.log, logBody(1, "x")));
    expect(await session.failed).toEqual({ reason: "log line before boot-ready" });
  });
});
