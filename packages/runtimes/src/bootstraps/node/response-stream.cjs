"use strict";
/** What a streaming handler writes to, and the `awslambda` global (spec §3.2, §11.3). */
const { InvalidStreamingOperation } = require("./errors.cjs");
const { STREAMING } = require("./loader.cjs");
const natives = require("./natives.cjs");

const HIGH_WATER_MARK = Symbol.for("aws.lambda.runtime.handler.streaming.highWaterMark");
const PRELUDE_CONTENT_TYPE = "application/vnd.awslambda.http-integration-response";
const PRELUDE_DELIMITER_BYTES = 8;

/** Strings and bytes stay; anything else is written as its JSON. */
function toWritable(chunk) {
  if (chunk === undefined || chunk === null || typeof chunk === "function") return chunk;
  if (typeof chunk === "string" || chunk instanceof Uint8Array) return chunk;
  return natives.stringifyJson(chunk);
}

/** `onPart(bytes)` gets each piece in order. */
function createResponseStream(handler, onPart) {
  const { Writable } = require("node:stream");
  const highWaterMark = Number(handler[HIGH_WATER_MARK]) || undefined;
  let started = false;
  const start = () => {
    if (started) return;
    started = true;
    const write = (piece) => onPart(natives.bufferFrom(piece));
    if (typeof stream._onBeforeFirstWrite === "function") stream._onBeforeFirstWrite(write);
  };
  const stream = new Writable({
    highWaterMark,
    write(chunk, _encoding, done) {
      start();
      onPart(chunk);
      done();
    },
    final(done) {
      start();
      done();
    },
  });
  const write = stream.write.bind(stream);
  const end = stream.end.bind(stream);
  stream.write = (chunk, ...rest) => write(toWritable(chunk), ...rest);
  stream.end = (chunk, ...rest) => end(toWritable(chunk), ...rest);
  stream.contentType = "application/octet-stream";
  stream.setContentType = (contentType) => {
    if (started) throw new InvalidStreamingOperation("Cannot set content-type, too late.");
    stream.contentType = contentType;
  };
  return stream;
}

const HttpResponseStream = class HttpResponseStream {
  /** Puts status, headers and cookies in front of the body: JSON, eight zero bytes, body. */
  static from(underlyingStream, prelude) {
    underlyingStream.setContentType(PRELUDE_CONTENT_TYPE);
    const document = natives.stringifyJson(prelude);
    underlyingStream._onBeforeFirstWrite = (write) => {
      write(document);
      write(new Uint8Array(PRELUDE_DELIMITER_BYTES));
    };
    return underlyingStream;
  }
};

function streamifyResponse(handler, options) {
  handler[STREAMING] = "response";
  if (typeof options?.highWaterMark === "number") {
    handler[HIGH_WATER_MARK] = Math.trunc(options.highWaterMark);
  }
  return handler;
}

function installGlobal() {
  const suppressed = process.env.AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA;
  if (suppressed === "1" || suppressed === "true") return;
  globalThis.awslambda = { ...globalThis.awslambda, streamifyResponse, HttpResponseStream };
}

module.exports = { createResponseStream, installGlobal };
