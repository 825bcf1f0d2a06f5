/** When a Node invocation ends, with what: promises, callbacks, streams, stray errors, loading. */
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { describe, expect, it } from "vitest";
import {
  createFunction,
  type FunctionPlan,
  invoke,
  invokeWithLog,
  lambda,
} from "../support/functions.ts";

const RUNTIMES = ["nodejs20.x", "nodejs22.x", "nodejs24.x"] as const;
const node = (body: string, more: Partial<FunctionPlan> = {}) =>
  createFunction({ files: { "index.mjs": body }, ...more });

describe.each(RUNTIMES)("a handler on %s", (Runtime) => {
  it("answers with what each kind of handler gives", async () => {
    const name = await node(
      `import { setTimeout as sleep } from "node:timers/promises";
      const kinds = {
        async: async () => { await sleep(5); return { deep: [1, "ü", null] }; },
        nothing: async () => undefined,
        promise: () => new Promise((resolve) => setTimeout(resolve, 5, "later")),
        busyLoop: async () => { setTimeout(() => {}, 20_000); return "at once"; },
      };
      export const handler = (event) => kinds[event.kind]();`,
      { Runtime },
    );
    const answers: Record<string, string> = {};
    for (const kind of ["async", "nothing", "promise", "busyLoop"]) {
      answers[kind] = (await invoke(name, { kind })).text;
    }
    expect(answers).toEqual({
      async: '{"deep":[1,"ü",null]}',
      nothing: "null",
      promise: '"later"',
      busyLoop: '"at once"',
    });
  });

  it("ends for a promise that never settles, and for one that nobody handles", async () => {
    const name = await node(
      `export const handler = async (event) => {
        if (event.reject) { Promise.reject(new TypeError("lost")); await new Promise((r) => setTimeout(r, 5000)); }
        if (event.raise) { setTimeout(() => { throw new RangeError("stray"); }, 1); await new Promise((r) => setTimeout(r, 5000)); }
        if (event.text) throw "just text";
        await new Promise(() => {}); };`,
      { Runtime },
    );
    const rejected = await invoke(name, { reject: true });
    expect(rejected.json).toMatchObject({
      errorType: "Runtime.UnhandledPromiseRejection",
      errorMessage: "TypeError: lost",
    });
    expect(rejected.json.trace[0]).toContain("TypeError: lost");
    const raised = await invoke(name, { raise: true });
    expect(raised.json).toMatchObject({ errorType: "RangeError", errorMessage: "stray" });
    const thrown = await invoke(name, { text: true });
    expect(thrown.json).toEqual({ errorType: "string", errorMessage: "just text", trace: [] });
    const unsettled = await invoke(name);
    expect(unsettled.functionError).toBe("Unhandled");
    expect(unsettled.json.errorType).toBe("Runtime.NodeJsExit");
  });

  it("answers Invoke with everything that it streamed", async () => {
    const name = await node(
      `export const handler = awslambda.streamifyResponse(async (event, stream) => {
        stream.write("one,"); await new Promise((r) => setTimeout(r, 5)); stream.write("two");
        stream.end(); });`,
      { Runtime },
    );
    const answer = await lambda.send(new InvokeCommand({ FunctionName: name, Payload: "{}" }));
    expect(Buffer.from(answer.Payload ?? []).toString()).toBe("one,two");
    expect(answer.FunctionError).toBeUndefined();
  });

  it("keeps its /tmp and its globals while warm, and cannot write its code", async () => {
    const name = await node(
      `import { readFileSync, writeFileSync } from "node:fs";
      let calls = 0;
      export const handler = async () => {
        calls += 1;
        if (calls === 1) writeFileSync("/tmp/note", "kept");
        let code = "written";
        try { writeFileSync("/var/task/index.mjs", ""); } catch (error) { code = error.code; }
        return { calls, note: readFileSync("/tmp/note", "utf8"), code }; };`,
      { Runtime },
    );
    expect((await invoke(name)).json).toEqual({ calls: 1, note: "kept", code: "EROFS" });
    expect((await invoke(name)).json).toEqual({ calls: 2, note: "kept", code: "EROFS" });
  });
});

describe.each(["nodejs20.x", "nodejs22.x"] as const)("a callback on %s", (Runtime) => {
  it("waits for the event loop unless it is told not to, and carries errors", async () => {
    const name = await node(
      `let late = "no";
      export const handler = (event, context, callback) => {
        if (event.error) return callback(new Error("called back"));
        if (event.silent) return;
        if (event.read) return callback(null, late);
        late = "no";
        setTimeout(() => { late = "yes"; }, 100);
        context.callbackWaitsForEmptyEventLoop = event.wait;
        callback(null, "done"); };`,
      { Runtime },
    );
    expect((await invoke(name, { wait: true })).json).toBe("done");
    expect((await invoke(name, { read: true })).json).toBe("yes");
    expect((await invoke(name, { silent: true })).text).toBe("null");
    const failed = await invoke(name, { error: true });
    expect(failed.functionError).toBe("Unhandled");
    expect(failed.json).toMatchObject({ errorType: "Error", errorMessage: "called back" });
  });

  it("has the older ways of context too", async () => {
    const name = await node(
      `export const handler = (event, context) => event.fail
        ? context.fail(new Error("failed")) : context.succeed({ by: "succeed" });`,
      { Runtime },
    );
    expect((await invoke(name)).json).toEqual({ by: "succeed" });
    expect((await invoke(name, { fail: true })).json).toMatchObject({ errorMessage: "failed" });
  });
});

describe("a handler's name", () => {
  it("may name a folder and a nested member, awaited at the top of its module", async () => {
    const files = {
      "src/api/users.mjs":
        "const ready = await Promise.resolve('ready'); export const routes = { get: { one: async () => ready } };",
    };
    const name = await createFunction({ files, Handler: "src/api/users.routes.get.one" });
    expect((await invoke(name)).json).toBe("ready");
  });

  it("finds .cjs files, and packages in node_modules", async () => {
    const files = {
      "index.cjs": "const { text } = require('greeting'); exports.handler = async () => text;",
      "node_modules/greeting/index.js": "exports.text = 'from a package';",
    };
    expect((await invoke(await createFunction({ files }))).json).toBe("from a package");
  });

  it.each([
    ["../index.handler", "Runtime.MalformedHandlerName", "is not a valid handler name"],
    ["index", "Runtime.MalformedHandlerName", "Bad handler"],
    ["index.text", "Runtime.HandlerNotFound", "index.text is not a function"],
    ["index.other", "Runtime.HandlerNotFound", "index.other is undefined or not exported"],
  ])("%s ends as %s", async (Handler, type, message) => {
    const name = await node("export const text = 'no function';", { Handler });
    const { json, functionError } = await invoke(name);
    expect(functionError).toBe("Unhandled");
    expect(json.errorType).toBe(type);
    expect(json.errorMessage).toContain(message);
  });
});

describe("an initialisation", () => {
  it("that fails is told by the first invocation and tried again by the next", async () => {
    const name = await node("throw new TypeError('at import');");
    for (let index = 0; index < 2; index += 1) {
      const { json, log } = await invokeWithLog(name);
      expect(json).toMatchObject({ errorType: "TypeError", errorMessage: "at import" });
      expect(log).toContain("START RequestId");
    }
  });

  it("that takes more than 10 s is run again within the invocation's own time-out", async () => {
    const name = await node(
      `import { existsSync, writeFileSync } from "node:fs";
      const again = existsSync("/tmp/tried"); writeFileSync("/tmp/tried", "");
      if (!again) await new Promise((resolve) => setTimeout(resolve, 60_000));
      export const handler = async () => "initialised at the second try";`,
    );
    const { json, log } = await invokeWithLog(name);
    expect(json).toBe("initialised at the second try");
    expect(log).not.toContain("Init Duration: ");
  });
});
