/**
 * The frames of the channel, as README.md beside this file describes them. The bootstraps hold the
 * same table in their own language: a change here is a change there.
 */
import { runtimeLimits } from "../limits.ts";

export const frameHeaderBytes = 5;

/** What the bootstraps of this checkout speak; said in `boot-ready`. */
export const protocolVersion = 1;

export const hostFrame = { initialize: 0x01, invoke: 0x02 } as const;

export const runtimeFrame = {
  bootReady: 0x81,
  initDone: 0x82,
  initError: 0x83,
  response: 0x84,
  error: 0x85,
  responsePart: 0x86,
  responseTooLarge: 0x87,
  settled: 0x88,
  log: 0x89,
} as const;

/** Bit of the flags of an answer: the runtime waits for the next event already. */
export const answerSettledFlag = 0x01;

const timestampBytes = 8;
/** Flags and the length of the label. */
const answerHeadBytes = 3;

/** Largest body of each frame that a runtime may send; a type that is not listed is refused. */
export function maxBodyBytes(maxResponseBytes: number): ReadonlyMap<number, number> {
  const answerBytes = answerHeadBytes + runtimeLimits.labelBytes;
  return new Map([
    [runtimeFrame.bootReady, 1],
    [runtimeFrame.initDone, 0],
    [runtimeFrame.initError, answerBytes + runtimeLimits.errorPayloadBytes],
    [runtimeFrame.response, answerBytes + maxResponseBytes],
    [runtimeFrame.error, answerBytes + runtimeLimits.errorPayloadBytes],
    [runtimeFrame.responsePart, maxResponseBytes],
    [runtimeFrame.responseTooLarge, answerHeadBytes],
    [runtimeFrame.settled, 0],
    [runtimeFrame.log, timestampBytes + runtimeLimits.logTextBytes],
  ]);
}

/** Head of an `invoke` frame up to the event, which follows it on the wire. */
export function encodeInvokeHead(document: string, eventBytes: number, room: number): Buffer {
  const documentBytes = Buffer.byteLength(document);
  const headBytes = frameHeaderBytes + 4 + documentBytes;
  const buffer = Buffer.allocUnsafe(headBytes + room);
  buffer.writeUInt32BE(4 + documentBytes + eventBytes, 0);
  buffer[4] = hostFrame.invoke;
  buffer.writeUInt32BE(documentBytes, frameHeaderBytes);
  buffer.write(document, frameHeaderBytes + 4);
  return buffer;
}

export function encodeInitialize(document: string): Buffer {
  const documentBytes = Buffer.byteLength(document);
  const buffer = Buffer.allocUnsafe(frameHeaderBytes + documentBytes);
  buffer.writeUInt32BE(documentBytes, 0);
  buffer[4] = hostFrame.initialize;
  buffer.write(document, frameHeaderBytes);
  return buffer;
}

/** Body of init-error, response, error and response-too-large. */
export interface AnswerBody {
  readonly settled: boolean;
  /** Error type, or content type of a response. */
  readonly label: string;
  readonly payload: Buffer;
}

/** Undefined when the body is malformed. */
export function decodeAnswer(body: Buffer): AnswerBody | undefined {
  if (body.length < answerHeadBytes) return undefined;
  const labelEnd = answerHeadBytes + body.readUInt16BE(1);
  if (labelEnd > body.length || labelEnd > answerHeadBytes + runtimeLimits.labelBytes) {
    return undefined;
  }
  return {
    settled: ((body[0] ?? 0) & answerSettledFlag) !== 0,
    label: labelEnd === answerHeadBytes ? "" : body.toString("utf8", answerHeadBytes, labelEnd),
    payload: body.subarray(labelEnd),
  };
}

export interface LogBody {
  readonly timestampMs: number;
  readonly text: string;
}

/** Undefined when the body is malformed. A timestamp that is no time becomes `nowMs`. */
export function decodeLog(body: Buffer, nowMs: number): LogBody | undefined {
  if (body.length < timestampBytes) return undefined;
  const claimedMs = body.readDoubleBE(0);
  return {
    timestampMs: Number.isFinite(claimedMs) && claimedMs >= 0 ? claimedMs : nowMs,
    text: body.toString("utf8", timestampBytes),
  };
}
