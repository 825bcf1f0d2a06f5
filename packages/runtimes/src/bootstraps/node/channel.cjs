"use strict";
/**
 * The framed socket on descriptor 3 (../../framed/README.md). Reading is asynchronous. Writing is
 * synchronous and waits for room: what was written is with the worker even when the next statement
 * is process.exit, and a function that logs without end cannot fill its memory with log lines.
 */
const natives = require("./natives.cjs");
const { readPipe } = require("./pipe.cjs");

const DESCRIPTOR = 3;
const HEADER_BYTES = 5;
const READ_BYTES = 64 * 1024;
/** One log frame's text; as runtimeLimits.logTextBytes on the other side. */
const LOG_TEXT_BYTES = 256 * 1024;
/** As runtimeLimits.labelBytes on the other side. */
const LABEL_BYTES = 1024;
/** Between two attempts to write into a full socket. The worker's deadline bounds the whole wait. */
const FULL_SOCKET_WAIT_MS = 1;

const INITIALIZE = 0x01;
const INVOKE = 0x02;
const BOOT_READY = 0x81;
const INIT_DONE = 0x82;
const INIT_ERROR = 0x83;
const RESPONSE = 0x84;
const ERROR = 0x85;
const RESPONSE_PART = 0x86;
const RESPONSE_TOO_LARGE = 0x87;
const SETTLED = 0x88;
const LOG = 0x89;

const SETTLED_FLAG = 0x01;
const PROTOCOL_VERSION = 1;

const waitCell = new Int32Array(new SharedArrayBuffer(4));

function writeAll(bytes) {
  let offset = 0;
  while (offset < bytes.length) {
    try {
      offset += natives.writeSync(DESCRIPTOR, bytes, offset, bytes.length - offset);
    } catch (error) {
      // Without its channel, nothing this process does can reach anybody.
      if (error.code !== "EAGAIN") natives.exit(1);
      natives.wait(waitCell, 0, 0, FULL_SOCKET_WAIT_MS);
    }
  }
}

function startFrame(type, bodyBytes) {
  const frame = natives.allocate(HEADER_BYTES + bodyBytes);
  natives.writeUint32(frame, bodyBytes, 0);
  frame[4] = type;
  return frame;
}

/** Frame of flags, label and payload; `payload` is a string or bytes. */
function writeAnswer(type, flags, label, payload) {
  const labelBytes = natives.byteLength(label);
  const isText = typeof payload === "string";
  const payloadBytes = isText ? natives.byteLength(payload) : payload.length;
  const frame = startFrame(type, 3 + labelBytes + payloadBytes);
  let offset = HEADER_BYTES;
  frame[offset] = flags;
  natives.writeUint16(frame, labelBytes, offset + 1);
  offset += 3;
  if (labelBytes > 0) natives.writeUtf8(frame, label, offset);
  offset += labelBytes;
  if (isText) natives.writeUtf8(frame, payload, offset);
  else natives.copyBytes(payload, frame, offset);
  writeAll(frame);
}

function writeBootReady() {
  const frame = startFrame(BOOT_READY, 1);
  frame[HEADER_BYTES] = PROTOCOL_VERSION;
  writeAll(frame);
}

function writeInitDone() {
  writeAll(startFrame(INIT_DONE, 0));
}

function shortLabel(text) {
  const label = typeof text === "string" ? text : "";
  return natives.byteLength(label) <= LABEL_BYTES ? label : "";
}

function writeInitError(errorType, payload) {
  writeAnswer(INIT_ERROR, 0, shortLabel(errorType), payload);
}

/** `settled`: the next event may come. */
function writeError(errorType, payload, settled) {
  writeAnswer(ERROR, settled ? SETTLED_FLAG : 0, shortLabel(errorType), payload);
}

/** No content type means application/json. */
function writeResponse(contentType, payload, settled) {
  writeAnswer(RESPONSE, settled ? SETTLED_FLAG : 0, shortLabel(contentType), payload);
}

function writeResponseTooLarge(settled) {
  writeAnswer(RESPONSE_TOO_LARGE, settled ? SETTLED_FLAG : 0, "", "");
}

function writeSettled() {
  writeAll(startFrame(SETTLED, 0));
}

function writeResponsePart(bytes) {
  const frame = startFrame(RESPONSE_PART, bytes.length);
  natives.copyBytes(bytes, frame, HEADER_BYTES);
  writeAll(frame);
}

function writeLog(timestampMs, text) {
  const textBytes = natives.byteLength(text);
  if (textBytes > LOG_TEXT_BYTES) {
    writeLongLog(timestampMs, natives.bufferFrom(text));
    return;
  }
  const frame = startFrame(LOG, 8 + textBytes);
  natives.writeDouble(frame, timestampMs, HEADER_BYTES);
  natives.writeUtf8(frame, text, HEADER_BYTES + 8);
  writeAll(frame);
}

/** One frame for each piece of at most LOG_TEXT_BYTES, cut between characters. */
function writeLongLog(timestampMs, bytes) {
  let start = 0;
  while (start < bytes.length) {
    let end = start + LOG_TEXT_BYTES;
    if (end < bytes.length) {
      while ((bytes[end] & 0xc0) === 0x80) end -= 1;
    } else {
      end = bytes.length;
    }
    const frame = startFrame(LOG, 8 + end - start);
    natives.writeDouble(frame, timestampMs, HEADER_BYTES);
    natives.copyBytes(bytes, frame, HEADER_BYTES + 8, start, end);
    writeAll(frame);
    start = end;
  }
}

/** Cuts what arrives into frames. The worker is trusted: sizes are its own. */
function createReader(onFrame) {
  let partial;
  let filled = 0;
  const frameBytes = (bytes, offset) => HEADER_BYTES + natives.readUint32(bytes, offset);
  const complete = () => {
    const whole = frameBytes(partial, 0);
    if (whole > partial.length) {
      const header = partial;
      partial = natives.allocateOwn(whole);
      natives.copyBytes(header, partial, 0);
      return;
    }
    const frame = partial;
    partial = undefined;
    onFrame(frame, 0, whole);
  };
  return (chunk) => {
    let offset = 0;
    while (offset < chunk.length) {
      if (partial === undefined) {
        const available = chunk.length - offset;
        const whole = available < HEADER_BYTES ? HEADER_BYTES : frameBytes(chunk, offset);
        if (available >= HEADER_BYTES && whole <= available) {
          onFrame(chunk, offset, whole);
          offset += whole;
          continue;
        }
        partial = natives.allocateOwn(whole);
        filled = 0;
      }
      const copied = natives.copyBytes(chunk, partial, filled, offset);
      filled += copied;
      offset += copied;
      if (filled === partial.length) complete();
    }
  };
}

/**
 * Opens the socket. `onInitialize(document)`, `onInvoke(header, eventText)`; both are called with
 * values of their own, never with views of the read buffer.
 */
function openChannel({ onInitialize, onInvoke }) {
  const reader = createReader((bytes, offset, frameBytes) => {
    const start = offset + HEADER_BYTES;
    const end = offset + frameBytes;
    if (bytes[offset + 4] === INITIALIZE) {
      onInitialize(natives.parseJson(natives.readUtf8(bytes, start, end)));
      return;
    }
    if (bytes[offset + 4] !== INVOKE) natives.exit(1);
    const eventStart = start + 4 + natives.readUint32(bytes, start);
    const header = natives.parseJson(natives.readUtf8(bytes, start + 4, eventStart));
    onInvoke(header, natives.readUtf8(bytes, eventStart, end));
  });
  return readPipe(DESCRIPTOR, {
    bufferBytes: READ_BYTES,
    onBytes: reader,
    onEnd: () => natives.exit(0),
  });
}

module.exports = {
  openChannel,
  writeBootReady,
  writeInitDone,
  writeInitError,
  writeError,
  writeResponse,
  writeResponsePart,
  writeResponseTooLarge,
  writeSettled,
  writeLog,
};
