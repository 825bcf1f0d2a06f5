"use strict";
/** Error types of the runtime, and how any thrown value becomes an error payload (spec §2.3, §2.5). */
const { isNativeError } = require("node:util").types;
const natives = require("./natives.cjs");

const named = (name) =>
  class extends Error {
    get name() {
      return name;
    }
  };

const ImportModuleError = named("Runtime.ImportModuleError");
const HandlerNotFound = named("Runtime.HandlerNotFound");
const MalformedHandlerName = named("Runtime.MalformedHandlerName");
const MalformedStreamingHandler = named("Runtime.MalformedStreamingHandler");
const InvalidStreamingOperation = named("Runtime.InvalidStreamingOperation");
const CallbackHandlerDeprecated = named("Runtime.CallbackHandlerDeprecated");

class UserCodeSyntaxError extends named("Runtime.UserCodeSyntaxError") {
  constructor(cause) {
    super(String(cause));
    // The cause's own stack names the user's file and line.
    if (typeof cause.stack === "string") this.stack = cause.stack;
  }
}

class UnhandledPromiseRejection extends named("Runtime.UnhandledPromiseRejection") {
  constructor(reason, promise) {
    super(String(reason));
    this.reason = reason;
    this.promise = promise;
  }
}

class NodeJsExit extends named("Runtime.NodeJsExit") {
  constructor() {
    super(
      "The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly " +
        "caused by a Promise that was never settled. For more information, see " +
        "https://nodejs.org/docs/latest/api/process.html#exit-codes",
    );
  }
}

const isErrorLike = (value) =>
  value &&
  typeof value.name === "string" &&
  typeof value.message === "string" &&
  typeof value.stack === "string";

const escapeDelete = (text) => String(text).replaceAll("\x7F", "%7F");

/** The document that goes to the caller: {errorType, errorMessage, trace}. Never throws. */
function toErrorDocument(error) {
  try {
    if (isNativeError(error) || isErrorLike(error)) {
      return {
        errorType: escapeDelete(error.name),
        errorMessage: escapeDelete(error.message),
        trace: typeof error.stack === "string" ? escapeDelete(error.stack).split("\n") : [],
      };
    }
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  } catch {
    return {
      errorType: "handled",
      errorMessage:
        "callback called with Error argument, but there was a problem while retrieving one or " +
        "more of its message, name, and stack",
      trace: [],
    };
  }
}

const toError = (value) => {
  if (value instanceof Error) return value;
  try {
    return new Error(String(value));
  } catch {
    return new Error("a value that cannot be shown was thrown");
  }
};

function withEnumerableProperties(_key, value) {
  if (!(value instanceof Error)) return value;
  const shown = {
    errorType: value.name,
    errorMessage: value.message,
    code: value.code,
    // oxlint-disable-next-line typescript/no-misused-spread -- only its own fields are shown.
    ...value,
  };
  if (typeof value.stack === "string") shown.stack = value.stack.split("\n");
  return shown;
}

/** An error as one JSON text for the log line of the text format. Never throws. */
function toLogText(error) {
  try {
    return natives.stringifyJson(error, withEnumerableProperties);
  } catch {
    return natives.stringifyJson(toErrorDocument(error));
  }
}

module.exports = {
  ImportModuleError,
  HandlerNotFound,
  MalformedHandlerName,
  MalformedStreamingHandler,
  InvalidStreamingOperation,
  CallbackHandlerDeprecated,
  UserCodeSyntaxError,
  UnhandledPromiseRejection,
  NodeJsExit,
  toError,
  toErrorDocument,
  toLogText,
};
