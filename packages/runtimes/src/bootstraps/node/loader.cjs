"use strict";
/** From the handler string to the function (spec §11.2). */
const fs = require("node:fs");
const { createRequire } = require("node:module");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const errors = require("./errors.cjs");
const natives = require("./natives.cjs");

const STREAMING = Symbol.for("aws.lambda.runtime.handler.streaming");
const CALLBACK_DEPRECATED =
  "ERROR: AWS Lambda has removed support for callback-based function handlers starting with " +
  "Node.js 24. You need to modify this function to use a supported handler signature to use " +
  "Node.js 24 or later. For more information see " +
  "https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.";

// User code sees itself loaded by the file that loads it on Lambda, in `Require stack` too.
const requireModule = createRequire("/var/runtime/index.mjs");

function parseHandler(handlerString) {
  if (handlerString.includes("..")) {
    throw new errors.MalformedHandlerName(
      `'${handlerString}' is not a valid handler name. Use absolute paths when specifying root ` +
        "directories in handler names.",
    );
  }
  const fileAndExport = path.basename(handlerString);
  const folder = handlerString.slice(0, handlerString.indexOf(fileAndExport));
  const dot = fileAndExport.indexOf(".");
  if (dot === -1) throw new errors.MalformedHandlerName("Bad handler");
  return {
    folder,
    moduleName: fileAndExport.slice(0, dot),
    exportPath: fileAndExport.slice(dot + 1).split("."),
  };
}

/** Whether the nearest package.json says `"type": "module"`; a node_modules folder ends the search. */
function isModuleFolder(folder) {
  let current = folder;
  for (;;) {
    if (path.basename(current) === "node_modules") return false;
    const file = path.join(current, "package.json");
    if (fs.existsSync(file)) {
      try {
        return natives.parseJson(fs.readFileSync(file, "utf8"))?.type === "module";
      } catch (error) {
        console.warn(`${file} cannot be read, it will be ignored for ES module detection.`, error);
        return false;
      }
    }
    const parent = path.dirname(current);
    if (parent === current) return false;
    current = parent;
  }
}

const importFile = (file) => import(pathToFileURL(file).href);

async function requireOrImport(file) {
  try {
    return requireModule(file);
  } catch (error) {
    // Node 24 detects module syntax in a .js file, but cannot require one with top-level await.
    if (error?.code === "ERR_REQUIRE_ASYNC_MODULE") return importFile(file);
    throw error;
  }
}

async function loadModule(taskRoot, { folder, moduleName }) {
  const base = path.resolve(taskRoot, folder, moduleName);
  if (fs.statSync(base, { throwIfNoEntry: false })?.isFile()) return requireModule(base);
  const script = `${base}.js`;
  if (fs.existsSync(script)) {
    return isModuleFolder(path.dirname(script)) ? importFile(script) : requireOrImport(script);
  }
  if (fs.existsSync(`${base}.mjs`)) return importFile(`${base}.mjs`);
  if (fs.existsSync(`${base}.cjs`)) return requireModule(`${base}.cjs`);
  const paths = [taskRoot, path.join(taskRoot, folder)];
  return requireModule(requireModule.resolve(moduleName, { paths }));
}

async function loadModuleOrExplain(taskRoot, handler) {
  try {
    return await loadModule(taskRoot, handler);
  } catch (error) {
    if (error instanceof SyntaxError) throw new errors.UserCodeSyntaxError(error);
    // oxlint-disable-next-line typescript/no-base-to-string -- an error with a code has a text.
    if (error?.code === "MODULE_NOT_FOUND") throw new errors.ImportModuleError(String(error));
    throw error;
  }
}

function findExport(module, exportPath) {
  let found = module;
  for (const key of exportPath) {
    if (found === null || found === undefined) return undefined;
    found = found[key];
  }
  return found;
}

function isStreaming(handler) {
  const kind = handler[STREAMING];
  if (!kind) return false;
  if (kind === "response") return true;
  throw new errors.MalformedStreamingHandler("Only response streaming is supported.");
}

/** Resolves with {handler, streaming}, or rejects with what becomes the init error. */
async function loadHandler(handlerString, nodeMajor) {
  const taskRoot = process.env.LAMBDA_TASK_ROOT ?? "/var/task";
  const parsed = parseHandler(handlerString);
  const module = await loadModuleOrExplain(taskRoot, parsed);
  const handler =
    findExport(module, parsed.exportPath) || findExport(module?.default, parsed.exportPath);
  if (!handler) {
    throw new errors.HandlerNotFound(`${handlerString} is undefined or not exported`);
  }
  if (typeof handler !== "function") {
    throw new errors.HandlerNotFound(`${handlerString} is not a function`);
  }
  const streaming = isStreaming(handler);
  if (nodeMajor >= 24 && handler.length >= 3 && !streaming) {
    throw new errors.CallbackHandlerDeprecated(CALLBACK_DEPRECATED);
  }
  return { handler, streaming };
}

module.exports = { STREAMING, loadHandler };
