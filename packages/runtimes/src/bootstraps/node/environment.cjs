"use strict";
/** Turns the empty process into the function's: its variables, module paths and directory. */
const Module = require("node:module");

/** `environment` is the whole of it: what the process was booted with is replaced. */
function applyEnvironment(environment) {
  const bootNodePath = process.env.NODE_PATH;
  for (const name of Object.keys(process.env)) {
    if (!Object.hasOwn(environment, name)) delete process.env[name];
  }
  for (const [name, value] of Object.entries(environment)) {
    if (process.env[name] !== value) process.env[name] = value;
  }
  // Node reads both once at its start.
  if (process.env.NODE_PATH !== bootNodePath) Module._initPaths();
  if (process.env.NODE_OPTIONS?.trim() === "--enable-source-maps") {
    process.setSourceMapsEnabled(true);
  }
  enterTaskRoot(environment.LAMBDA_TASK_ROOT ?? "/var/task");
}

function enterTaskRoot(taskRoot) {
  try {
    process.chdir(taskRoot);
  } catch {
    // Loading the handler names the missing file.
  }
}

module.exports = { applyEnvironment };
