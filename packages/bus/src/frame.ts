import type { Shape } from "./channel.ts";
import { busLimits } from "./limits.ts";

/**
 * Bytes of a message ↔ its document and payload. A frame is uint32 BE document length · JSON
 * document · payload; the payload is never parsed and, on reading, never copied.
 */

const EMPTY = new Uint8Array(0);
const LENGTH_BYTES = 4;

/** The bytes do not fit the channel: too short, no JSON, or not of its schema. */
export class MalformedMessageError extends Error {
  override readonly name = "MalformedMessageError";
}

export interface Decoded<Document> {
  readonly document: Document;
  readonly payload: Uint8Array;
}

export function encodeMessage<Document>(
  shape: Shape<Document>,
  document: Document,
  payload: Uint8Array = EMPTY,
): Uint8Array {
  if (shape.encoding === "payload") return payload;
  const json = JSON.stringify(document);
  if (shape.encoding === "document") return Buffer.from(json);
  const documentBytes = Buffer.byteLength(json);
  if (documentBytes > busLimits.frameDocumentBytes) {
    throw new RangeError(
      `document of ${documentBytes} bytes; ${busLimits.frameDocumentBytes} fit a frame`,
    );
  }
  const bytes = Buffer.allocUnsafe(LENGTH_BYTES + documentBytes + payload.length);
  bytes.writeUInt32BE(documentBytes, 0);
  bytes.write(json, LENGTH_BYTES);
  bytes.set(payload, LENGTH_BYTES + documentBytes);
  return bytes;
}

/** Throws MalformedMessageError. The payload is a view of `bytes`. */
export function decodeMessage<Document>(
  shape: Shape<Document>,
  bytes: Uint8Array,
): Decoded<Document> {
  if (shape.encoding === "payload") return { document: check(shape, undefined), payload: bytes };
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (shape.encoding === "document") {
    return { document: check(shape, parseJson(view.toString())), payload: EMPTY };
  }
  const documentBytes = view.length < LENGTH_BYTES ? Number.NaN : view.readUInt32BE(0);
  const end = LENGTH_BYTES + documentBytes;
  if (!(documentBytes <= busLimits.frameDocumentBytes) || end > view.length) {
    throw new MalformedMessageError(`a frame of ${view.length} bytes has no whole document`);
  }
  const document = check(shape, parseJson(view.toString("utf8", LENGTH_BYTES, end)));
  return { document, payload: bytes.subarray(end) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MalformedMessageError("the document is not JSON", { cause: error });
  }
}

function check<Document>(shape: Shape<Document>, value: unknown): Document {
  const result = shape.schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? "document" : issue.path.join(".");
  throw new MalformedMessageError(`${where}: ${issue?.message ?? "does not fit its schema"}`);
}
