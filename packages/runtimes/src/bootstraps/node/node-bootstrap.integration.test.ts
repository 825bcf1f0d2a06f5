/** The Node.js bootstrap as a real process, in every version that is offered (spec §2.3, §4.3, §11). */
import { afterEach, describe, expect, it } from "vitest";
import { type BootstrapProcess, readOutcome } from "../bootstrap-process.fixture.ts";
import { answerOf, boot, everyVersion, ready, stopAll } from "./node-process.fixture.ts";

afterEach(stopAll);

describe.each(everyVersion)("nodejs%i.x", (major) => {
  it.each([
    ["an object", "async (event) => ({ got: event.a })", { result: { got: 1 } }],
    ["undefined, as null", "async () => undefined", { result: null }],
    ["text beyond ASCII", 'async () => "ü€😀"', { result: "ü€😀" }],
    ["a thenable's value", "() => ({ then(done) { done(5); } })", { result: 5 }],
  ])("answers with %s", async (_name, handler, expected) => {
    expect(await answerOf(major, `exports.handler = ${handler}`, { a: 1 })).toEqual(expected);
  });

  it.each([
    ["a string", 'throw "text"', { errorType: "string", errorMessage: "text", trace: [] }],
    [
      "nothing",
      "throw undefined",
      major >= 24
        ? { errorType: "undefined", errorMessage: "undefined", trace: [] }
        : { errorType: "string", errorMessage: "handled", trace: [] },
    ],
    [
      "an object without a shape",
      "throw Object.create(null)",
      {
        errorType: "handled",
        errorMessage:
          "callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack",
        trace: [],
      },
    ],
  ])("gives the caller a thrown %s", async (_name, statement, error) => {
    const answer = await answerOf(major, `exports.handler = async () => { ${statement} }`);
    expect(answer).toEqual({ errorType: error.errorType, error });
  });

  it("gives the caller an error with its class, message and trace", async () => {
    const code = `class Odd extends Error { constructor(m) { super(m); this.name = "Odd"; } }
exports.handler = async () => { throw new Odd("bo\\x7Fom"); };`;
    const process = await ready(major, code);
    const answer = readOutcome(await process.invoke({})) as {
      error: { trace: string[]; errorMessage: string; errorType: string };
    };
    expect(answer.error).toMatchObject({ errorType: "Odd", errorMessage: "bo%7Fom" });
    expect(answer.error.trace[1]).toContain(`${process.taskRoot}/index.js:2:`);
    expect(answer.error.trace).toHaveLength(3);
    expect(process.logs.join("\n")).toMatch(
      /\tc0ffee00-[0-9a-f-]+\tERROR\tInvoke Error \t\{"errorType":"Odd","errorMessage":"bo/,
    );
    await process.session.settled();
    expect(readOutcome(await process.invoke({}))).toMatchObject({ errorType: "Odd" });
  });

  it("keeps globals, and gives each invocation its own context and trace header", async () => {
    const process = await ready(
      major,
      `let count = 0;
exports.handler = async (event, context) => [++count, context.awsRequestId, process.env._X_AMZN_TRACE_ID,
  context.clientContext?.custom, context.identity, context.getRemainingTimeInMillis() > 0];`,
    );
    expect(
      readOutcome(
        await process.invoke(
          {},
          { clientContext: '{"custom":{"k":"ü"}}', cognitoIdentity: '{"cognitoIdentityId":"c"}' },
        ),
      ),
    ).toEqual({
      result: [
        1,
        "c0ffee00-0000-4000-8000-000000000001",
        "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1",
        { k: "ü" },
        { cognitoIdentityId: "c" },
        true,
      ],
    });
    expect(
      readOutcome(await process.invoke({}, { requestId: "two", traceHeader: "", deadlineMs: 1 })),
    ).toEqual({ result: [2, "two", null, null, null, false] });
  });

  it("describes function and logs in the context", async () => {
    expect(
      await answerOf(major, "exports.handler = async (event, context) => context"),
    ).toMatchObject({
      result: {
        functionName: "hello",
        functionVersion: "$LATEST",
        memoryLimitInMB: "128",
        logGroupName: "/aws/lambda/hello",
        logStreamName: "2026/11/23/[$LATEST]0123",
        invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:hello",
      },
    });
  });

  it("fails an invocation whose promise never settles, and serves the next", async () => {
    const process = await ready(
      major,
      "exports.handler = (event) => event.hang ? new Promise(() => {}) : Promise.resolve(1)",
    );
    expect(readOutcome(await process.invoke({ hang: true }))).toMatchObject({
      errorType: "Runtime.NodeJsExit",
    });
    expect(readOutcome(await process.invoke({}))).toEqual({ result: 1 });
  });

  it("does not wait for timers after a promise has settled", async () => {
    const code = "exports.handler = async () => { setTimeout(() => {}, 3_600_000); return 1; }";
    expect(await answerOf(major, code)).toEqual({ result: 1 });
  });

  it("reports an uncaught exception and exits with 129", async () => {
    const process = await ready(
      major,
      'exports.handler = () => new Promise(() => setTimeout(() => { throw new TypeError("late"); }, 1))',
    );
    expect(readOutcome(await process.invoke({}))).toMatchObject({
      errorType: "TypeError",
      error: { errorMessage: "late" },
    });
    expect(await process.exited()).toBe(129);
    expect(process.logs.join("\n")).toContain("\tERROR\tUncaught Exception \t");
  });

  it("reports an unhandled rejection and exits with 128", async () => {
    const process = await ready(
      major,
      'exports.handler = () => new Promise((r) => { Promise.reject(new Error("lost")); setTimeout(r, 60_000); })',
    );
    expect(readOutcome(await process.invoke({}))).toMatchObject({
      errorType: "Runtime.UnhandledPromiseRejection",
      error: { errorMessage: "Error: lost" },
    });
    expect(await process.exited()).toBe(128);
  });

  it("delivers what was logged before process.exit", async () => {
    const process = await ready(
      major,
      'exports.handler = async () => { console.log("last words"); process.stdout.write("raw"); process.exit(3); }',
    );
    void process.invoke({});
    expect(await process.exited()).toBe(3);
    expect(process.logs[0]).toContain("last words");
    expect(process.output).toEqual(["raw"]);
    expect((await process.session.failed).reason).toBe("the runtime closed its socket");
  });

  it("survives a function that replaces what everybody uses and closes its output", async () => {
    const code = `JSON.stringify = () => { throw 1; }; JSON.parse = JSON.stringify;
Buffer.prototype.utf8Write = Buffer.byteLength = Buffer.allocUnsafe = JSON.stringify;
require("fs").writeSync = JSON.stringify; Date.now = JSON.stringify; globalThis.setImmediate = undefined;
process.exit = process.stdout.write = JSON.stringify;
for (const descriptor of [0, 1, 2]) require("fs").closeSync(descriptor);
exports.handler = async (event) => { console.log("still here"); return event; }`;
    const process = await ready(major, code);
    expect(readOutcome(await process.invoke({ a: "é" }))).toEqual({ result: { a: "é" } });
    expect(process.logs[0]).toContain("still here");
  });

  it("fails the session when the function closes the socket", async () => {
    const process = await ready(
      major,
      'exports.handler = async () => { require("fs").closeSync(3); process.exit(0); }',
    );
    void process.invoke({});
    expect((await process.session.failed).reason).toBe("the runtime closed its socket");
  });

  it("carries megabytes both ways and refuses more than the limit", async () => {
    const process = await ready(
      major,
      'exports.handler = async (event) => event.text ?? "x".repeat(event.size)',
    );
    const text = "ü".repeat(2_000_000);
    expect(readOutcome(await process.invoke({ text }))).toEqual({ result: text });
    const limitBytes = 6_291_556;
    expect(readOutcome(await process.invoke({ size: limitBytes - 2 }))).toMatchObject({
      result: expect.stringMatching(/^x+$/),
    });
    expect(readOutcome(await process.invoke({ size: limitBytes - 1 }))).toEqual({
      kind: "response-too-large",
    });
    expect(readOutcome(await process.invoke({ text: "ok" }))).toEqual({ result: "ok" });
  });

  it("says so when a result cannot be serialised", async () => {
    const code = "exports.handler = async () => { const a = {}; a.a = a; return a; }";
    expect(await answerOf(major, code)).toMatchObject({
      error: { errorMessage: "Unable to stringify response body" },
    });
  });

  it("splits a line of a megabyte and keeps line breaks in one event", async () => {
    const process = await ready(
      major,
      'exports.handler = async () => { console.log("a\\nb"); console.log("ä".repeat(500_000)); }',
    );
    await process.invoke({});
    expect(process.logs[0]).toMatch(/\tINFO\ta\nb$/);
    expect(process.logs.length).toBeGreaterThan(3);
    expect(process.logs.slice(1).join("").split("\t").at(-1)).toBe("ä".repeat(500_000));
  });

  it("streams a response with prelude", async () => {
    const code = `exports.handler = awslambda.streamifyResponse(async (event, stream, context) => {
  context.callbackWaitsForEmptyEventLoop = false;
  const http = awslambda.HttpResponseStream.from(stream, { statusCode: 201, headers: { a: "b" } });
  http.write("one "); http.write({ two: 2 }); http.end(); });`;
    expect(await answerOf(major, code)).toEqual({
      contentType: "application/vnd.awslambda.http-integration-response",
      text: `{"statusCode":201,"headers":{"a":"b"}}${"\0".repeat(8)}one {"two":2}`,
    });
  });

  it.each([
    ["fails after the first part", 'stream.write("half"); throw new Error("torn");', "torn"],
    ["does not end its stream", 'stream.write("half");', "Response stream is not finished."],
  ])("gives the error of a streaming handler that %s", async (_name, body, errorMessage) => {
    const code = `exports.handler = awslambda.streamifyResponse(async (event, stream) => { ${body} })`;
    expect(await answerOf(major, code)).toMatchObject({ error: { errorMessage } });
  });

  it("refuses a streaming handler that is not asynchronous", async () => {
    const code =
      "exports.handler = awslambda.streamifyResponse((event, stream) => { stream.end(); })";
    expect(await answerOf(major, code)).toMatchObject({
      error: { errorMessage: "Streaming does not support non-async handlers." },
    });
  });

  it("warns of nothing of its own when the function asks for pending deprecations", async () => {
    const process = await ready(
      major,
      'exports.handler = async () => [process.noDeprecation, "noDeprecation" in process];',
      { bootEnvironment: { NODE_OPTIONS: "--pending-deprecation" } },
    );
    expect(readOutcome(await process.invoke({}))).toEqual({ result: [null, false] });
    await process.stop();
    expect(process.output).toEqual([]);
  });

  it("replaces the environment it was booted with, NODE_PATH included", async () => {
    const process = boot(major, "", {
      bootEnvironment: { BOOT_ONLY: "1", PATH: "/usr/bin" },
      environment: { MINE: "2", NODE_PATH: "/nowhere" },
      files: {
        "index.js":
          'exports.handler = async () => [process.env.BOOT_ONLY, process.env.MINE, process.cwd(), require("module").globalPaths.includes("/nowhere")]',
      },
    });
    await process.initialize();
    expect(readOutcome(await process.invoke({}))).toEqual({
      result: [null, "2", process.taskRoot, true],
    });
  });

  it.each([
    [{}, false],
    [{ NODE_OPTIONS: "--enable-source-maps" }, true],
  ])("uses source maps where the function asks for them: %j", async (environment, expected) => {
    const code = "exports.handler = async () => process.sourceMapsEnabled;";
    const process = await ready(major, code, { environment });
    expect(readOutcome(await process.invoke({}))).toEqual({ result: expected });
  });
});

describe.each(everyVersion)("handlers of nodejs%i.x", (major) => {
  const answer = "= async () => 'found'";
  it.each([
    ["CommonJS", "index.handler", { "index.js": `exports.handler ${answer}` }],
    [".cjs", "index.handler", { "index.cjs": `exports.handler ${answer}` }],
    [
      ".mjs with await at its top",
      "index.handler",
      { "index.mjs": `await null; export const handler ${answer}` },
    ],
    [
      "type module",
      "index.handler",
      { "package.json": '{"type":"module"}', "index.js": `export const handler ${answer}` },
    ],
    ["a folder", "src/app.handler", { "src/app.js": `exports.handler ${answer}` }],
    ["nested exports", "index.a.b", { "index.js": "exports.a = { b: async () => 'found' }" }],
    [
      "the default export",
      "index.handler",
      { "index.mjs": "export default { handler: async () => 'found' }" },
    ],
    ["a package", "pkg.handler", { "node_modules/pkg/index.js": `exports.handler ${answer}` }],
  ])("are found in %s", async (_name, handler, files) => {
    const process = await ready(major, "", { handler, files: files as Record<string, string> });
    expect(readOutcome(await process.invoke({}))).toEqual({ result: "found" });
  });

  it.each([
    [
      "a missing file",
      "gone.handler",
      "",
      "Runtime.ImportModuleError",
      "Error: Cannot find module 'gone'\nRequire stack:\n- /var/runtime/index.mjs",
    ],
    [
      "a missing export",
      "index.gone",
      "exports.a = 1",
      "Runtime.HandlerNotFound",
      "index.gone is undefined or not exported",
    ],
    [
      "an export that is no function",
      "index.a",
      "exports.a = 1",
      "Runtime.HandlerNotFound",
      "index.a is not a function",
    ],
    ["a handler without a dot", "index", "", "Runtime.MalformedHandlerName", "Bad handler"],
    [
      "a handler that climbs",
      "../x.h",
      "",
      "Runtime.MalformedHandlerName",
      "'../x.h' is not a valid handler name. Use absolute paths when specifying root directories in handler names.",
    ],
    [
      "a missing dependency",
      "index.handler",
      'require("absent")',
      "Runtime.ImportModuleError",
      "Error: Cannot find module 'absent'\nRequire stack:\n- ",
    ],
    [
      "code that is none",
      "index.handler",
      "exports.handler = (",
      "Runtime.UserCodeSyntaxError",
      "SyntaxError: ",
    ],
    [
      "code that throws",
      "index.handler",
      'throw new RangeError("at load")',
      "RangeError",
      "at load",
    ],
  ])("fail for %s", async (_name, handler, code, errorType, errorMessage) => {
    const process = boot(major, code, { handler });
    const outcome = readOutcome(await process.initialize());
    expect(outcome).toMatchObject({
      errorType,
      error: { errorType, errorMessage: expect.stringContaining(errorMessage) },
    });
    expect(await process.exited()).toBe(major >= 24 ? 1 : 129);
    expect(process.logs.join("\n")).toContain(major >= 24 ? "Init Error" : "Uncaught Exception");
  });
});

describe.each(everyVersion)("console of nodejs%i.x", (major) => {
  const logs = `exports.handler = async () => {
  console.trace("t"); console.debug("d"); console.log("l %d", 1); console.warn({ a: 1 }); console.error(new Error("e"));
  console.fatal("f"); }`;
  const levelsOf = (process: BootstrapProcess) =>
    process.logs.map((line) =>
      line.startsWith("{") ? JSON.parse(line).level : line.split("\t")[2],
    );

  it("writes time, request id and level as text", async () => {
    const process = await ready(major, `console.log("cold");${logs}`);
    await process.invoke({});
    const outside = major >= 24 ? "-" : "undefined";
    expect(process.logs[0]).toMatch(new RegExp(`^[0-9T:.-]+Z\t${outside}\tINFO\tcold$`));
    expect(process.logs[3]).toMatch(/^[0-9T:.-]+Z\tc0ffee00-[0-9a-f-]+\tINFO\tl 1$/);
    expect(levelsOf(process).slice(1)).toEqual([
      "TRACE",
      "DEBUG",
      "INFO",
      "WARN",
      "ERROR",
      "FATAL",
    ]);
  });

  it("writes JSON from the level that was asked for", async () => {
    const environment = { AWS_LAMBDA_LOG_FORMAT: "JSON", AWS_LAMBDA_LOG_LEVEL: "WARN" };
    const process = await ready(major, logs, { environment });
    await process.invoke({});
    expect(levelsOf(process)).toEqual(["WARN", "ERROR", "FATAL"]);
    expect(JSON.parse(process.logs[0] ?? "")).toMatchObject({
      requestId: "c0ffee00-0000-4000-8000-000000000001",
      message: { a: 1 },
    });
    expect(JSON.parse(process.logs[1] ?? "").message).toMatchObject({
      errorType: "Error",
      errorMessage: "e",
      stackTrace: expect.arrayContaining(["Error: e"]),
    });
  });
});
