"use strict";
/**
 * Paddock's Node.js bootstrap: boots empty, says so, and waits for a function. Plain JavaScript
 * without dependencies for Node.js 20, 22 and 24; README.md beside it says what it guarantees.
 */
const channel = require("./channel.cjs");
const { patchConsole } = require("./console.cjs");
const { applyEnvironment } = require("./environment.cjs");
const natives = require("./natives.cjs");
const { installGlobal } = require("./response-stream.cjs");
const { Runtime } = require("./runtime.cjs");

const nodeMajor = Number(process.versions.node.split(".", 1)[0]);
let runtime;

const socket = channel.openChannel({
  onInitialize({ environment, handler, maxResponseBytes }) {
    runtime = new Runtime({ nodeMajor, maxResponseBytes, ...socket });
    applyEnvironment(environment);
    patchConsole(nodeMajor);
    installGlobal();
    process.on("uncaughtException", (error) => runtime.uncaughtException(error));
    process.on("unhandledRejection", (reason, promise) =>
      runtime.unhandledRejection(reason, promise),
    );
    process.on("beforeExit", () => runtime.drained());
    natives.chain(natives.resolved, () => runtime.initialize(handler));
  },
  onInvoke(header, eventText) {
    runtime.accept(header, eventText);
  },
});

channel.writeBootReady();
