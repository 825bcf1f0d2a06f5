/** Python's results, errors, log lines and endings, in the newest Python 3 that Paddock found. */
import { CreateFunctionCommand } from "@aws-sdk/client-lambda";
import { beforeAll, describe, expect, it } from "vitest";
import {
  createFunction,
  type FunctionPlan,
  invoke,
  invokeWithLog,
  lambda,
  ROLE_ARN,
  uniqueName,
} from "../support/functions.ts";

type Runtime = NonNullable<FunctionPlan["Runtime"]>;
let runtime: Runtime;

/** Paddock's own list, from its answer to a runtime of AWS's that it has not. */
beforeAll(async () => {
  const refusal: unknown = await lambda
    .send(
      new CreateFunctionCommand({
        FunctionName: uniqueName("probe"),
        Runtime: "java21",
        Handler: "index.handler",
        Role: ROLE_ARN,
        Code: { ZipFile: Buffer.from("x") },
      }),
    )
    .catch((error: unknown) => error);
  const [, list = ""] = /Runtimes that are there: (.*)$/.exec(String(refusal)) ?? [];
  const offered = [...list.matchAll(/python3\.(\d+)/g)].map(([, minor]) => Number(minor));
  if (offered.length === 0) throw new Error(`no Python on offer: ${String(refusal)}`);
  // The SDK's list of runtimes is of the day it was made; the machine's may be newer.
  runtime = `python3.${Math.max(...offered)}` as Runtime;
});

const python = (source: string, more: Partial<FunctionPlan> = {}) =>
  createFunction({ Runtime: runtime, files: { "index.py": source }, ...more });

describe("a Python result", () => {
  it("is what json makes of it: text, decimals, bytes as they are", async () => {
    const name = await python(`
from decimal import Decimal
results = {"text": "grüße 🐴", "decimal": {"price": Decimal("1.5")}, "bytes": b'{"raw": true}', "none": None}
def handler(event, context):
    return results[event["kind"]]
`);
    const answers: Record<string, unknown> = {};
    for (const kind of ["text", "decimal", "bytes", "none"]) {
      answers[kind] = (await invoke(name, { kind })).json;
    }
    expect(answers).toEqual({
      text: "grüße 🐴",
      decimal: { price: 1.5 },
      bytes: { raw: true },
      none: null,
    });
  });

  it("comes from a handler in a package, with its environment and /tmp", async () => {
    const source = `
import os, sys, tempfile
def run(event, context):
    with open("/tmp/note", "w") as note:
        note.write("kept")
    return {"version": "%d.%d" % sys.version_info[:2], "root": os.environ["LAMBDA_TASK_ROOT"],
            "execution": os.environ["AWS_EXECUTION_ENV"], "own": os.environ["OWN"], "cwd": os.getcwd(),
            "handler": os.environ["_HANDLER"], "note": open("/tmp/note").read(), "tmp": tempfile.gettempdir()}
`;
    const name = await createFunction({
      Runtime: runtime,
      files: { "app/__init__.py": "", "app/main.py": source },
      Handler: "app.main.run",
      Environment: { Variables: { OWN: "value" } },
    });
    expect((await invoke(name)).json).toEqual({
      version: runtime.slice("python".length),
      root: "/var/task",
      execution: `AWS_Lambda_${runtime}`,
      own: "value",
      cwd: "/var/task",
      handler: "app.main.run",
      note: "kept",
      tmp: "/tmp",
    });
  });

  it("sees the client context that the caller sent", async () => {
    const name = await python(`
def handler(event, context):
    c = context.client_context
    return [c.custom, c.env, c.client.app_title, context.identity.cognito_identity_id, context.log_group_name]
`);
    const sent = { custom: { a: 1 }, env: { b: "2" }, client: { app_title: "shop" } };
    const ClientContext = Buffer.from(JSON.stringify(sent)).toString("base64");
    expect((await invoke(name, {}, { ClientContext })).json).toEqual([
      { a: 1 },
      { b: "2" },
      "shop",
      null,
      `/aws/lambda/${name}`,
    ]);
  });
});

describe("a Python log", () => {
  it("begins at WARNING, and bears level, time, request id and message", async () => {
    const name = await python(`
import logging, sys
def handler(event, context):
    logging.info("hidden")
    logging.warning("shown %d", 1)
    print("printed", file=sys.stderr)
    context.log("by context")
`);
    const { log, requestId } = await invokeWithLog(name);
    expect(log).toMatch(
      new RegExp(
        `^\\[WARNING\\]\t\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\t${requestId}\tshown 1$`,
        "m",
      ),
    );
    expect(log).not.toContain("hidden");
    expect(log).toContain("printed\n");
    expect(log).toContain("by context");
  });

  it("shows the traceback of what was raised, indented by no-break spaces", async () => {
    const name = await python(`
def inner():
    raise KeyError("lost")
def handler(event, context):
    inner()
`);
    const { log, json, requestId } = await invokeWithLog(name);
    expect(log).toContain("[ERROR] KeyError: 'lost'\nTraceback (most recent call last):\n");
    expect(log).toMatch(/^\u00a0\u00a0File "\/var\/task\/index\.py", line 5, in handler$/m);
    expect(json).toMatchObject({ errorMessage: "'lost'", errorType: "KeyError", requestId });
    expect(json.stackTrace).toEqual([
      '  File "/var/task/index.py", line 5, in handler\n    inner()\n',
      expect.stringContaining('  File "/var/task/index.py", line 3, in inner\n    raise KeyError'),
    ]);
  });

  it("is JSON where the function asked for it", async () => {
    const name = await python(
      `
import logging
def handler(event, context):
    logging.getLogger().info("order %s", 7, extra={"customer": "c1"})
`,
      { LoggingConfig: { LogFormat: "JSON", ApplicationLogLevel: "INFO" } },
    );
    const { log, requestId } = await invokeWithLog(name);
    const line = log.split("\n").find((text) => text.includes("order 7"));
    expect(JSON.parse(line ?? "")).toEqual({
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      level: "INFO",
      message: "order 7",
      logger: "root",
      requestId,
      customer: "c1",
    });
  });
});

describe("a Python function ends", () => {
  it("with sys.exit and goes on in a new process", async () => {
    const name = await python(`
import sys
calls = 0
def handler(event, context):
    global calls
    calls += 1
    if "status" in event:
        sys.exit(event["status"])
    return calls
`);
    expect((await invoke(name)).json).toBe(1);
    for (const [status, text] of [
      [3, "Runtime exited with error: exit status 3"],
      [0, "Runtime exited without providing a reason"],
    ] as const) {
      const { json, functionError, requestId } = await invoke(name, { status });
      expect(functionError).toBe("Unhandled");
      expect(json).toEqual({
        errorType: "Runtime.ExitError",
        errorMessage: `RequestId: ${requestId} Error: ${text}`,
      });
    }
    expect((await invoke(name)).json).toBe(1);
  });

  it("at import, with the error that was raised and no request id", async () => {
    const { json, functionError } = await invoke(await python("raise ValueError('at import')"));
    expect(functionError).toBe("Unhandled");
    expect(json).toMatchObject({
      errorMessage: "at import",
      errorType: "ValueError",
      requestId: "",
    });
    expect(json.stackTrace.at(-1)).toContain('File "/var/task/index.py", line 1, in <module>');
  });

  it("by the kernel where it takes more memory than it has", async () => {
    const name = await python(`
def handler(event, context):
    hoard = []
    while True:
        hoard.append(b"x" * (8 << 20))
`);
    const { json, log } = await invokeWithLog(name);
    expect(json.errorType).toBe("Runtime.ExitError");
    expect(json.errorMessage).toMatch(/Runtime exited with error: signal: killed$/);
    expect(log).toMatch(/\tMax Memory Used: 12[78] MB\t/);
  });

  it("not at all for names of Python's own modules", async () => {
    const { json } = await invoke(await python("x = 1", { Handler: "sys.exit" }));
    expect(json).toMatchObject({
      errorType: "Runtime.BuiltInModuleConflict",
      errorMessage: "Cannot use built-in module sys as a handler module",
    });
  });
});
