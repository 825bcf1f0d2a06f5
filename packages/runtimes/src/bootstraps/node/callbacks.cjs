"use strict";
/** Completion by callback, done, succeed and fail: Node.js 22 and earlier (spec §11.3). */

/** `onDrained(listener)`: the listener runs once when the event loop has nothing left to do. */
function createCallbacks(invocation, onDrained) {
  let waitForEmptyEventLoop = true;
  let finished = false;
  const once = (complete) => (error, result) => {
    if (finished) return;
    finished = true;
    complete(error, result);
  };
  const fail = (error) => {
    onDrained(undefined);
    invocation.fail(error);
  };
  const isMissing = (error) => error === undefined || error === null;

  const callback = once((error, result) => {
    if (!isMissing(error)) fail(error);
    else if (waitForEmptyEventLoop) onDrained(() => invocation.succeed(result));
    else {
      onDrained(undefined);
      invocation.succeed(result);
    }
  });
  const done = (error, result) => {
    if (!isMissing(error)) return fail(error);
    onDrained(undefined);
    return invocation.succeed(result);
  };
  const context = {
    get callbackWaitsForEmptyEventLoop() {
      return waitForEmptyEventLoop;
    },
    set callbackWaitsForEmptyEventLoop(value) {
      waitForEmptyEventLoop = value;
    },
    succeed: once((result) => done(null, result)),
    fail: once((error) => done(isMissing(error) ? "handled" : error)),
    done: once(done),
  };
  return { callback, context };
}

module.exports = { createCallbacks };
