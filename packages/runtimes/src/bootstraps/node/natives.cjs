"use strict";
/**
 * What the bootstrap needs of the platform, taken before user code can replace it: a function may
 * patch JSON, Buffer, fs or process, and its answers still arrive.
 */
const { writeSync } = require("node:fs");
const { format } = require("node:util");

/* oxlint-disable typescript/unbound-method -- binding them again is what this file is for. */
const uncurry = (method) => Function.prototype.call.bind(method);
const { prototype } = Buffer;

module.exports = {
  format,
  writeSync,
  parseJson: JSON.parse,
  stringifyJson: JSON.stringify,
  now: Date.now,
  toIsoString: uncurry(Date.prototype.toISOString),
  setImmediate,
  exit: process.exit.bind(process),
  wait: Atomics.wait,
  resolved: Promise.resolve(),
  chain: uncurry(Promise.prototype.then),
  byteLength: Buffer.byteLength,
  allocate: Buffer.allocUnsafe,
  allocateOwn: Buffer.allocUnsafeSlow,
  bufferFrom: Buffer.from,
  concat: Buffer.concat,
  writeUtf8: uncurry(prototype.utf8Write),
  readUtf8: uncurry(prototype.utf8Slice),
  writeUint32: uncurry(prototype.writeUInt32BE),
  readUint32: uncurry(prototype.readUInt32BE),
  writeUint16: uncurry(prototype.writeUInt16BE),
  writeDouble: uncurry(prototype.writeDoubleBE),
  copyBytes: uncurry(prototype.copy),
  subarray: uncurry(prototype.subarray),
};
