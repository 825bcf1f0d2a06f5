/** Node handlers as on Lambda: module kinds, handler kinds, context, errors, limits, log lines. */
import { describe, expect, it } from "vitest";
import { createFunction, invoke, invokeWithLog } from "../support/functions.ts";

const esm = (body: string) => ({ "index.mjs": body });
const context = "({ ...context, remaining: context.getRemainingTimeInMillis() })";

describe.each(["nodejs20.x", "nodejs22.x", "nodejs24.x"] as const)("%s", (Runtime) => {
  it("runs its own major version, with the documented environment", async () => {
    const files = esm(`export const handler = async () => ({
      node: process.version, task: process.env.LAMBDA_TASK_ROOT, name: process.env.AWS_LAMBDA_FUNCTION_NAME,
      region: process.env.AWS_REGION, handler: process.env._HANDLER, directory: process.cwd(),
      own: process.env.OWN, execution: process.env.AWS_EXECUTION_ENV });`);
    const Environment = { Variables: { OWN: "value" } };
    const name = await createFunction({ Runtime, files, Environment });
    const { json } = await invoke(name);
    expect(json.node).toMatch(new RegExp(`^v${Runtime.slice(6, 8)}\\.`));
    expect(json).toMatchObject({
      task: "/var/task",
      name,
      region: "us-east-1",
      handler: "index.handler",
      directory: "/var/task",
      own: "value",
      execution: `AWS_Lambda_${Runtime}`,
    });
  });

  it("runs CommonJS, and modules by package.json", async () => {
    const common = await createFunction({
      Runtime,
      files: { "lib/app.js": "exports.run = async () => typeof require;" },
      Handler: "lib/app.run",
    });
    expect((await invoke(common)).json).toBe("function");
    const module = await createFunction({
      Runtime,
      files: {
        "package.json": '{"type":"module"}',
        "index.js": "export const handler = async () => typeof require;",
      },
    });
    expect((await invoke(module)).json).toBe("undefined");
  });

  it("gives the handler Lambda's context", async () => {
    const name = await createFunction({
      Runtime,
      files: esm(`export const handler = async (event, context) => ${context};`),
      Timeout: 30,
    });
    const { json, requestId } = await invoke(name);
    expect(json).toMatchObject({
      functionName: name,
      functionVersion: "$LATEST",
      memoryLimitInMB: "128",
      logGroupName: `/aws/lambda/${name}`,
      awsRequestId: requestId,
      invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
    });
    expect(json.logStreamName).toMatch(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
    expect(json.remaining).toBeGreaterThan(1000);
    expect(json.remaining).toBeLessThanOrEqual(30_000);
  });

  it("reports what a handler throws, with its trace", async () => {
    const files = esm("export const handler = async () => { throw new RangeError('boom'); };");
    const { functionError, status, json } = await invoke(await createFunction({ Runtime, files }));
    expect({ functionError, status }).toEqual({ functionError: "Unhandled", status: 200 });
    expect(json).toMatchObject({ errorType: "RangeError", errorMessage: "boom" });
    expect(json.trace[0]).toBe("RangeError: boom");
  });
});

describe("callback handlers", () => {
  const files = esm("export const handler = (event, context, done) => done(null, 'called');");

  it.each(["nodejs20.x", "nodejs22.x"] as const)("work on %s", async (Runtime) => {
    expect((await invoke(await createFunction({ Runtime, files }))).json).toBe("called");
  });

  it("are refused on nodejs24.x, as on Lambda", async () => {
    const answer = await invoke(await createFunction({ Runtime: "nodejs24.x", files }));
    expect(answer.functionError).toBe("Unhandled");
    expect(answer.json.errorMessage).toContain(
      "removed support for callback-based function handlers",
    );
  });
});

describe("a streaming handler", () => {
  it("answers Invoke with everything that it wrote", async () => {
    const files = esm(`export const handler = awslambda.streamifyResponse(async (event, stream) => {
      stream.write('{"part":'); await new Promise((r) => setTimeout(r, 20)); stream.end('1}'); });`);
    expect((await invoke(await createFunction({ files }))).json).toEqual({ part: 1 });
  });
});

describe("a function that ends badly", () => {
  it.each<[string, string, string, string]>([
    ["exits", "process.exit(3)", "Runtime.ExitError", "Runtime exited with error: exit status 3"],
    [
      "exits with 0",
      "process.exit(0)",
      "Runtime.ExitError",
      "Runtime exited without providing a reason",
    ],
    ["kills itself", "process.kill(process.pid, 'SIGKILL')", "Runtime.ExitError", "signal: killed"],
  ])(
    "because it %s gets Lambda's error, and runs again",
    async (_what, statement, type, message) => {
      const name = await createFunction({
        files: esm(`export const handler = async (event) => {
        if (event.bad) { ${statement}; await new Promise(() => {}); } return 'well'; };`),
      });
      const { json, functionError, requestId } = await invoke(name, { bad: true });
      expect(functionError).toBe("Unhandled");
      expect(json.errorType).toBe(type);
      expect(json.errorMessage).toMatch(new RegExp(`^RequestId: ${requestId} Error: `));
      expect(json.errorMessage).toContain(message);
      expect((await invoke(name)).json).toBe("well");
    },
  );

  it("because it takes too long is told its time-out, loses its globals, keeps its /tmp", async () => {
    const name = await createFunction({
      // The start after the reset is part of the next invocation, and has its time.
      Timeout: 3,
      files: esm(`import { existsSync, writeFileSync } from "node:fs";
        let calls = 0;
        export const handler = async (event) => { calls += 1;
          if (event.hang) { writeFileSync("/tmp/kept", ""); await new Promise((r) => setTimeout(r, 60000)); }
          return { calls, kept: existsSync("/tmp/kept") }; };`),
    });
    expect((await invoke(name)).json).toEqual({ calls: 1, kept: false });
    const { json, requestId } = await invoke(name, { hang: true });
    expect(json).toEqual({
      errorType: "Sandbox.Timedout",
      errorMessage: `RequestId: ${requestId} Error: Task timed out after 3.00 seconds`,
    });
    expect((await invoke(name)).json).toEqual({ calls: 1, kept: true });
  });

  it("because it takes too much memory is killed by the kernel", async () => {
    const name = await createFunction({
      files: esm(`export const handler = async () => { const all = [];
        for (;;) all.push(Buffer.alloc(8 * 1024 * 1024, 1)); };`),
    });
    const { json, log } = await invokeWithLog(name);
    expect(json.errorType).toBe("Runtime.ExitError");
    expect(json.errorMessage).toMatch(/Runtime exited with error: signal: killed$/);
    expect(log).toMatch(/Memory Size: 128 MB\tMax Memory Used: 12[78] MB/);
  });

  it("because a promise was rejected unhandled says so", async () => {
    const name = await createFunction({
      files: esm(`export const handler = async () => {
        Promise.reject(new Error("lost")); await new Promise((r) => setTimeout(r, 2000)); };`),
    });
    const { json } = await invoke(name);
    expect(json.errorType).toBe("Runtime.UnhandledPromiseRejection");
    expect(json.errorMessage).toContain("lost");
  });
});

describe("a function that cannot be loaded", () => {
  it.each<[string, Record<string, string>, string, string]>([
    [
      "its file is missing",
      { "other.mjs": "" },
      "Runtime.ImportModuleError",
      "Cannot find module 'index'",
    ],
    [
      "it exports no handler",
      { "index.mjs": "export const x = 1;" },
      "Runtime.HandlerNotFound",
      "index.handler is undefined or not exported",
    ],
    [
      "its code is malformed",
      { "index.js": "exports.handler = (" },
      "Runtime.UserCodeSyntaxError",
      "SyntaxError",
    ],
    [
      "its import fails",
      { "index.mjs": "throw new TypeError('at import');" },
      "TypeError",
      "at import",
    ],
  ])("because %s says so in Lambda's words", async (_what, files, type, message) => {
    const { json, functionError } = await invoke(await createFunction({ files }));
    expect(functionError).toBe("Unhandled");
    expect(json.errorType).toBe(type);
    expect(json.errorMessage).toContain(message);
  });
});

describe("the REPORT line", () => {
  it("has measured figures: initialisation on the first invocation only", async () => {
    const name = await createFunction({
      files: esm(`const until = Date.now() + 60; while (Date.now() < until);
        export const handler = async () => new Promise((r) => setTimeout(r, 120));`),
    });
    const report =
      /REPORT RequestId: \S+\tDuration: ([\d.]+) ms\tBilled Duration: (\d+) ms\tMemory Size: 128 MB\tMax Memory Used: (\d+) MB\t(?:Init Duration: ([\d.]+) ms\t)?\n/;
    const figures = (log: string) => (report.exec(log) ?? []).slice(1).map(Number);
    const [duration = 0, billed = 0, memory = 0, init = 0] = figures(
      (await invokeWithLog(name)).log,
    );
    expect(duration).toBeGreaterThanOrEqual(119);
    expect(init).toBeGreaterThanOrEqual(59);
    expect(billed).toBe(Math.ceil(duration + init));
    expect(memory).toBeGreaterThan(5);
    const warm = figures((await invokeWithLog(name)).log);
    expect(warm[0]).toBeGreaterThanOrEqual(119);
    expect(warm[1]).toBe(Math.ceil(warm[0] ?? 0));
    expect(warm[3]).toBeNaN();
  });
});
