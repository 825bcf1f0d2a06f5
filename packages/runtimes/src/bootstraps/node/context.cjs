"use strict";
/** The context object's data (spec §11.3). */
const natives = require("./natives.cjs");

function parseDocument(text, name) {
  if (text === undefined) return undefined;
  try {
    return natives.parseJson(text);
  } catch (error) {
    throw new Error(`Cannot parse ${name} as json: ${String(error)}`);
  }
}

/** What stays the same for the life of the environment. */
function readEnvironmentData() {
  const { env } = process;
  return {
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
  };
}

/** Throws when client context or identity are no JSON. */
function readHeaderData(header) {
  const { deadlineMs } = header;
  return {
    clientContext: parseDocument(header.clientContext, "ClientContext"),
    identity: parseDocument(header.cognitoIdentity, "CognitoIdentity"),
    invokedFunctionArn: header.invokedFunctionArn,
    awsRequestId: header.requestId,
    tenantId: header.tenantId,
    getRemainingTimeInMillis: () => deadlineMs - natives.now(),
  };
}

module.exports = { readEnvironmentData, readHeaderData };
