"use strict";
/** Loads the handler once and runs one invocation after the other. */
const { createCallbacks } = require("./callbacks.cjs");
const channel = require("./channel.cjs");
const { logError, setRequestId } = require("./console.cjs");
const { readEnvironmentData, readHeaderData } = require("./context.cjs");
const errors = require("./errors.cjs");
const { Invocation, errorPayload } = require("./invocation.cjs");
const { loadHandler } = require("./loader.cjs");
const natives = require("./natives.cjs");
const { createResponseStream } = require("./response-stream.cjs");

const EXIT_UNHANDLED_REJECTION = 128;
const EXIT_UNCAUGHT_EXCEPTION = 129;
/** Since Node.js 24 there are no callbacks, and a plain return value is the result. */
const FIRST_WITHOUT_CALLBACKS = 24;

const isPromise = (value) => value && typeof value.then === "function";

class Runtime {
  /** `hold` and `release` say whether waiting for the next event keeps the process alive. */
  constructor({ nodeMajor, maxResponseBytes, hold, release }) {
    this.nodeMajor = nodeMajor;
    this.maxResponseBytes = maxResponseBytes;
    this.hold = hold;
    this.release = release;
    this.hasCallbacks = nodeMajor < FIRST_WITHOUT_CALLBACKS;
    this.phase = "init";
    this.invocation = undefined;
    this.drainedListener = undefined;
    this.onDrained = (listener) => {
      this.drainedListener = listener;
    };
  }

  async initialize(handlerString) {
    this.release();
    try {
      const { handler, streaming } = await loadHandler(handlerString, this.nodeMajor);
      this.handler = handler;
      this.handleOnce = this.chooseStyle(streaming);
    } catch (error) {
      this.failInit(this.hasCallbacks ? "Uncaught Exception" : "Init Error", error);
      natives.exit(this.hasCallbacks ? EXIT_UNCAUGHT_EXCEPTION : 1);
    }
    this.environmentData = readEnvironmentData();
    this.phase = "waiting";
    this.hold();
    channel.writeInitDone();
  }

  chooseStyle(streaming) {
    if (streaming) return this.handleOnceStreaming.bind(this);
    if (this.hasCallbacks) return this.handleOnceNonStreaming.bind(this);
    return this.processInvoke.bind(this);
  }

  failInit(title, error) {
    logError(title, error);
    const document = errors.toErrorDocument(error);
    channel.writeInitError(document.errorType, errorPayload(document, this.maxResponseBytes));
  }

  /**
   * Takes an event from the socket. The handler is called in a job of its own and straight from
   * one function, so that a user's stack trace ends as it does on Lambda.
   */
  accept(header, eventText) {
    this.release();
    setRequestId(header.requestId);
    this.phase = "running";
    const onSettled = () => {
      this.drainedListener = undefined;
      this.phase = "waiting";
      this.hold();
    };
    this.invocation = new Invocation({ maxResponseBytes: this.maxResponseBytes, onSettled });
    this.header = header;
    this.eventText = eventText;
    natives.chain(natives.resolved, this.handleOnce);
  }

  /** Parses what was accepted; the text of a large event does not outlive this. */
  takeEvent() {
    const { eventText } = this;
    this.eventText = undefined;
    exportTraceHeader(this.header.traceHeader);
    return natives.parseJson(eventText);
  }

  failNow(invocation, error) {
    this.onDrained(undefined);
    invocation.fail(error);
  }

  handleOnceNonStreaming() {
    const { invocation } = this;
    try {
      const event = this.takeEvent();
      const { callback, context } = createCallbacks(invocation, this.onDrained);
      this.onDrained(() => invocation.succeed(null));
      Object.assign(context, this.environmentData, readHeaderData(this.header));
      const result = this.handler(event, context, callback);
      if (!isPromise(result)) return;
      if (this.drainedListener !== undefined) this.failWhenDrained(invocation, errors.NodeJsExit);
      result.then(context.succeed, context.fail);
    } catch (error) {
      this.failNow(invocation, error);
    }
  }

  processInvoke() {
    const { invocation, header } = this;
    try {
      const event = this.takeEvent();
      const context = {
        ...readHeaderData(header),
        xRayTraceId: header.traceHeader || undefined,
        ...this.environmentData,
      };
      const result = this.handler(event, context);
      if (!isPromise(result)) {
        invocation.succeed(result);
        return;
      }
      this.failWhenDrained(invocation, errors.NodeJsExit);
      result.then(
        (value) => invocation.succeed(value),
        (error) => invocation.fail(error),
      );
    } catch (error) {
      this.failNow(invocation, error);
    }
  }

  handleOnceStreaming() {
    const { invocation, header } = this;
    try {
      const event = this.takeEvent();
      const context = { ...readHeaderData(header), ...this.environmentData };
      if (this.hasCallbacks) context.callbackWaitsForEmptyEventLoop = true;
      const stream = createResponseStream(this.handler, (bytes) => invocation.writePart(bytes));
      const finished = streamFinished(stream);
      const result = this.handler(event, stream, context);
      if (!isPromise(result)) throw new Error("Streaming does not support non-async handlers.");
      this.failWhenDrained(invocation, errors.NodeJsExit);
      const ended = result.then((value) => {
        if (value !== undefined) console.warn("Streaming handlers ignore return values.");
        this.failWhenDrained(invocation, UnfinishedStream);
        return finished;
      });
      ended.then(
        () => this.endStream(invocation, stream, context),
        (error) => invocation.fail(error),
      );
    } catch (error) {
      this.failNow(invocation, error);
    }
  }

  /** With callbackWaitsForEmptyEventLoop, the answer goes out at once, but no next event is taken. */
  endStream(invocation, stream, context) {
    if (invocation.answered) return;
    const waits = this.hasCallbacks && context.callbackWaitsForEmptyEventLoop;
    if (waits) this.onDrained(() => invocation.settle());
    invocation.endStream(stream.contentType, !waits);
  }

  failWhenDrained(invocation, ErrorClass) {
    this.onDrained(() => invocation.fail(new ErrorClass()));
  }

  /** The event loop is empty. Without anybody to answer, the process ends as it would anyway. */
  drained() {
    const listener = this.drainedListener;
    this.drainedListener = undefined;
    if (listener !== undefined) natives.setImmediate(listener);
  }

  die(title, error, exitCode) {
    if (this.phase === "init") this.failInit(title, error);
    else {
      logError(title, error);
      this.invocation?.failForExit(error);
    }
    natives.exit(exitCode);
  }

  uncaughtException(error) {
    this.die("Uncaught Exception", error, EXIT_UNCAUGHT_EXCEPTION);
  }

  unhandledRejection(reason, promise) {
    const error = new errors.UnhandledPromiseRejection(reason, promise);
    this.die("Unhandled Promise Rejection", error, EXIT_UNHANDLED_REJECTION);
  }
}

function streamFinished(stream) {
  const finished = new Promise((resolve, reject) => {
    stream.on("finish", resolve).on("error", reject);
  });
  // The handler may fail first; then nobody else looks at the stream.
  finished.catch(() => {});
  return finished;
}

class UnfinishedStream extends Error {
  constructor() {
    super("Response stream is not finished.");
    this.name = "Error";
  }
}

function exportTraceHeader(traceHeader) {
  if (traceHeader) process.env._X_AMZN_TRACE_ID = traceHeader;
  else delete process.env._X_AMZN_TRACE_ID;
}

module.exports = { Runtime };
