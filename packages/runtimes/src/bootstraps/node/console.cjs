"use strict";
/** The patched console (spec §4.3): text or JSON lines with time, request id and level. */
const { writeLog } = require("./channel.cjs");
const { toError, toLogText } = require("./errors.cjs");
const natives = require("./natives.cjs");

const LEVELS = { TRACE: 1, DEBUG: 2, INFO: 3, WARN: 4, ERROR: 5, FATAL: 6 };
/** Libraries read the current request id from here. */
const REQUEST_ID = Symbol.for("aws.lambda.runtime.requestId");

/** What stands for the request id outside an invocation, as each generation of clients has it. */
let noRequestId;
let requestId;
let isJson = false;

function setRequestId(id) {
  requestId = id;
  globalThis[REQUEST_ID] = id;
}

function formatText(level, timestamp, parameters) {
  return `${timestamp}\t${requestId}\t${level}\t${natives.format(...parameters)}`;
}

function errorFields(error) {
  return {
    errorType: error?.constructor?.name ?? "UnknownError",
    errorMessage: error.message,
    stackTrace: typeof error.stack === "string" ? error.stack.split("\n") : [],
  };
}

const expandErrors = (_key, value) =>
  value instanceof Error ? Object.assign(errorFields(value), value) : value;

function formatJson(level, timestamp, parameters) {
  const line = { timestamp, level, requestId: requestId ?? noRequestId };
  if (parameters.length === 1) {
    try {
      return natives.stringifyJson({ ...line, message: parameters[0] }, expandErrors);
    } catch {
      return natives.stringifyJson({ ...line, message: natives.format(parameters[0]) });
    }
  }
  const error = parameters.find((parameter) => parameter instanceof Error);
  return natives.stringifyJson({
    ...line,
    message: natives.format(...parameters),
    ...(error === undefined ? {} : errorFields(error)),
  });
}

function log(level, parameters) {
  const timestampMs = natives.now();
  const timestamp = natives.toIsoString(new Date(timestampMs));
  const text = (isJson ? formatJson : formatText)(level, timestamp, parameters);
  writeLog(timestampMs, text);
}

/** Reads AWS_LAMBDA_LOG_FORMAT and AWS_LAMBDA_LOG_LEVEL; called when the environment is in place. */
function patchConsole(nodeMajor) {
  noRequestId = nodeMajor >= 24 ? "-" : undefined;
  requestId = noRequestId;
  isJson = process.env.AWS_LAMBDA_LOG_FORMAT?.toUpperCase() === "JSON";
  const least = LEVELS[process.env.AWS_LAMBDA_LOG_LEVEL?.toUpperCase()] ?? LEVELS.TRACE;
  for (const level of Object.keys(LEVELS)) {
    const enabled = LEVELS[level] >= least;
    console[level.toLowerCase()] = enabled
      ? (message, ...parameters) => log(level, [message, ...parameters])
      : () => {};
  }
  console.log = console.info;
}

/** One ERROR line: the error's JSON after a title, or the error itself as the JSON message. */
function logError(title, error) {
  try {
    if (isJson) log("ERROR", [toError(error)]);
    else log("ERROR", [title, `\t${toLogText(toError(error))}`]);
  } catch {
    // A getter of the user's error threw. Its payload still reaches the caller.
  }
}

module.exports = { logError, patchConsole, setRequestId };
