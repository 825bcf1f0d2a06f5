/** Handlers with a callback: as documented up to nodejs22.x, refused from nodejs24.x on (spec §11.3). */
import { afterEach, describe, expect, it } from "vitest";
import { readOutcome } from "../bootstrap-process.fixture.ts";
import { answerOf, boot, ready, stopAll, withCallbacks } from "./node-process.fixture.ts";

afterEach(stopAll);

describe.each(withCallbacks)("callbacks of nodejs%i.x", (major) => {
  it.each([
    [
      "callback",
      "(event, context, callback) => { setTimeout(() => callback(null, 1), 1) }",
      { result: 1 },
    ],
    [
      "callback with an error",
      '(event, context, callback) => callback(new Error("no"))',
      { errorType: "Error", error: { errorMessage: "no" } },
    ],
    ["done", "(event, context) => context.done(null, 2)", { result: 2 }],
    ["succeed", "(event, context) => context.succeed(3)", { result: 3 }],
    [
      "fail",
      '(event, context) => context.fail("bad")',
      { errorType: "string", error: { errorMessage: "bad" } },
    ],
    [
      "the end of all work, with null",
      "() => { setTimeout(() => {}, 1); return 4; }",
      { result: null },
    ],
  ])("answer by %s", async (_name, handler, expected) => {
    expect(await answerOf(major, `exports.handler = ${handler}`)).toMatchObject(expected);
  });

  it("wait for the empty event loop unless told otherwise", async () => {
    const process = await ready(
      major,
      `exports.handler = (event, context, callback) => {
  context.callbackWaitsForEmptyEventLoop = event.wait;
  setTimeout(() => console.log("timer"), event.ms);
  callback(null, "ok"); }`,
    );
    expect(readOutcome(await process.invoke({ wait: true, ms: 1 }))).toEqual({ result: "ok" });
    expect(process.logs[0]).toContain("timer");
    expect(readOutcome(await process.invoke({ wait: false, ms: 3_600_000 }))).toEqual({
      result: "ok",
    });
  });

  it("count once: later calls are ignored", async () => {
    const process = await ready(
      major,
      "exports.handler = (event, context, callback) => { context.succeed(1); callback(null, 2); context.fail('x'); }",
    );
    expect(readOutcome(await process.invoke({}))).toEqual({ result: 1 });
    expect(readOutcome(await process.invoke({}))).toEqual({ result: 1 });
  });
});

describe("nodejs24.x without callbacks", () => {
  it("answers with what a plain function returns", async () => {
    expect(await answerOf(24, "exports.handler = () => 4")).toEqual({ result: 4 });
  });

  it("refuses a handler with a callback at init", async () => {
    const process = boot(24, "exports.handler = async (event, context, callback) => {}");
    expect(readOutcome(await process.initialize())).toMatchObject({
      errorType: "Runtime.CallbackHandlerDeprecated",
      error: {
        errorMessage: expect.stringContaining(
          "ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24.",
        ),
      },
    });
  });

  it("has no callback members in its context", async () => {
    expect(
      await answerOf(
        24,
        "exports.handler = async (e, c) => ['done', 'succeed', 'fail', 'callbackWaitsForEmptyEventLoop'].filter((k) => k in c)",
      ),
    ).toEqual({ result: [] });
  });
});
