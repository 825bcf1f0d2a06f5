"use strict";
/** One invocation's answer: given once, whoever comes first. */
const channel = require("./channel.cjs");
const { logError } = require("./console.cjs");
const { toErrorDocument } = require("./errors.cjs");
const natives = require("./natives.cjs");

/** A UTF-16 unit takes at most three bytes of UTF-8. */
const MAX_BYTES_PER_UNIT = 3;
const ALREADY_DONE =
  "Invocation has already been reported as done. Cannot call complete more than once per invocation.";

function serialize(result) {
  let text;
  try {
    text = natives.stringifyJson(result === undefined ? null : result);
  } catch {
    text = undefined;
  }
  if (typeof text !== "string") throw new Error("Unable to stringify response body");
  return text;
}

/** The error document as text within the bound: without its trace and the end of its message. */
function errorPayload(document, maxBytes) {
  const text = natives.stringifyJson(document);
  if (text.length * MAX_BYTES_PER_UNIT <= maxBytes || natives.byteLength(text) <= maxBytes) {
    return text;
  }
  // A control character takes six bytes in JSON; the type is bounded by what is left of the half.
  const units = Math.floor(maxBytes / 16);
  return natives.stringifyJson({
    errorType: document.errorType.slice(0, units),
    errorMessage: document.errorMessage.slice(0, units),
    trace: [],
  });
}

class Invocation {
  /** `onSettled()` is called when the next event may come. */
  constructor({ maxResponseBytes, onSettled }) {
    this.maxResponseBytes = maxResponseBytes;
    this.onSettled = onSettled;
    this.answered = false;
    this.streamedBytes = 0;
  }

  /** Sends the result; what cannot be serialised becomes the invocation's error. */
  succeed(result) {
    if (this.answered) {
      console.error(ALREADY_DONE);
      return;
    }
    let text;
    try {
      text = serialize(result);
    } catch (error) {
      this.fail(error);
      return;
    }
    this.#end(true);
    const mayBeLarge = text.length * MAX_BYTES_PER_UNIT > this.maxResponseBytes;
    if (mayBeLarge && natives.byteLength(text) > this.maxResponseBytes) {
      channel.writeResponseTooLarge(true);
    } else {
      channel.writeResponse("", text, true);
    }
  }

  fail(error) {
    if (this.answered) return;
    logError("Invoke Error", error);
    this.#writeError(error, true);
  }

  /** The process ends after this: no further event may come. */
  failForExit(error) {
    if (!this.answered) this.#writeError(error, false);
  }

  writePart(bytes) {
    if (this.answered) return;
    this.streamedBytes += bytes.length;
    if (this.streamedBytes > this.maxResponseBytes || bytes.length === 0) return;
    channel.writeResponsePart(bytes);
  }

  /** `settled` false: `settle` is called later. */
  endStream(contentType, settled) {
    if (this.answered) return;
    this.#end(settled);
    if (this.streamedBytes > this.maxResponseBytes) channel.writeResponseTooLarge(settled);
    else channel.writeResponse(contentType, "", settled);
  }

  settle() {
    this.onSettled();
    channel.writeSettled();
  }

  #writeError(error, settled) {
    const document = toErrorDocument(error);
    this.#end(settled);
    const payload = errorPayload(document, this.maxResponseBytes);
    channel.writeError(document.errorType, payload, settled);
  }

  #end(settled) {
    this.answered = true;
    if (settled) this.onSettled();
  }
}

module.exports = { Invocation, errorPayload };
