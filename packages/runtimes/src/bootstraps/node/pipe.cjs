"use strict";
/**
 * Reads descriptor 3 as a bare libuv pipe. `node:net` on top of it would cost each boot 8 ms of CPU
 * for streams that nobody here uses. The bindings are those that node:net itself stands on; the
 * releases of Node.js that this runs on are fixed.
 */
const natives = require("./natives.cjs");

/** Taking a binding warns where the function's own NODE_OPTIONS ask for pending deprecations. */
function takeBindings() {
  const before = Object.getOwnPropertyDescriptor(process, "noDeprecation");
  process.noDeprecation = true;
  try {
    return [process.binding("pipe_wrap"), process.binding("stream_wrap")];
  } finally {
    if (before === undefined) delete process.noDeprecation;
    else Object.defineProperty(process, "noDeprecation", before);
  }
}

/**
 * `onBytes(bytes)` gets views of one buffer that is written again; `onEnd()` also stands for a
 * broken pipe. `hold` and `release` say whether the pipe keeps the process alive: at first it does.
 */
function readPipe(descriptor, { bufferBytes, onBytes, onEnd }) {
  const [{ Pipe, constants }, { kReadBytesOrError, streamBaseState }] = takeBindings();
  const pipe = new Pipe(constants.SOCKET);
  const buffer = natives.allocateOwn(bufferBytes);
  if (pipe.open(descriptor) !== 0) throw new Error(`descriptor ${descriptor} is no pipe`);
  pipe.useUserBuffer(buffer);
  pipe.onread = () => {
    const byteCount = streamBaseState[kReadBytesOrError];
    if (byteCount > 0) onBytes(natives.subarray(buffer, 0, byteCount));
    else if (byteCount < 0) onEnd();
  };
  pipe.readStart();
  return { hold: pipe.ref.bind(pipe), release: pipe.unref.bind(pipe) };
}

module.exports = { readPipe };
