"use strict";
/**
 * Loads builtin modules that most functions need while the process waits for a function: their 8 ms
 * of CPU are then neither part of a cold start nor of a boot that somebody waits for. A builtin
 * module is the same object whoever loads it first, so that a function cannot tell. Only what costs
 * little memory is here: `http` would take 0.6 MB of each idle environment, TLS another 2 MB.
 */
const moduleNames = ["stream", "url", "net"];

/** A process that gets its function at once is not held up: the first module waits this long. */
const FIRST_MS = 50;
const PAUSE_MS = 5;

let timer;

function preload() {
  let next = 0;
  const loadOne = () => {
    require(`node:${moduleNames[next]}`);
    next += 1;
    if (next < moduleNames.length) timer = setTimeout(loadOne, PAUSE_MS);
  };
  timer = setTimeout(loadOne, FIRST_MS);
}

function stopPreload() {
  clearTimeout(timer);
}

module.exports = { preload, stopPreload };
