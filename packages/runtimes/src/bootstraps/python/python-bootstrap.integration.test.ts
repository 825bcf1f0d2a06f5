/** The Python bootstrap as a real process, in every release of this machine (spec §2.3, §4.3, §11). */
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { discoverPythonRuntimes } from "../../discover-python.ts";
import {
  BootstrapProcess,
  type BootstrapOptions,
  readOutcome,
} from "../bootstrap-process.fixture.ts";

const bootstrap = fileURLToPath(new URL("./bootstrap.py", import.meta.url));
const releases = (await discoverPythonRuntimes()).map((definition) => {
  const prefix = definition.binds.find((bind) => bind.target === "/var/lang")?.source;
  const [program = ""] = definition.command;
  return [
    definition.identifier,
    prefix === undefined ? program : program.replace("/var/lang", prefix),
  ] as const;
});

const started: BootstrapProcess[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((process) => process.stop()));
});

type Start = Omit<BootstrapOptions, "command" | "handler" | "files"> & {
  readonly files?: Readonly<Record<string, string>>;
  readonly handler?: string;
};

function boot(program: string, code: string, options: Start = {}): BootstrapProcess {
  const process = new BootstrapProcess({
    command: [program, "-u", "-B", "-s", bootstrap],
    handler: "app.handler",
    ...options,
    files: options.files ?? { "app.py": code },
  });
  started.push(process);
  return process;
}

async function ready(program: string, code: string, options: Start = {}) {
  const process = boot(program, code, options);
  expect(await process.initialize()).toEqual({ kind: "ready" });
  return process;
}

const requestId = "c0ffee00-0000-4000-8000-000000000001";
const body = (text: string) => `def handler(event, context):\n${text.replaceAll(/^/gm, "  ")}\n`;

it("finds a Python on this machine", () => {
  expect(releases.length).toBeGreaterThan(0);
});

describe.each(releases)("%s", (identifier, program) => {
  const escapesNonAscii = Number(identifier.split(".")[1]) < 12;

  it.each([
    ["its event", 'return event["a"]', 1],
    ["None, as null", "pass", null],
    [
      "Decimal as a number",
      'from decimal import Decimal\nreturn [Decimal("1.50"), Decimal("2")]',
      [1.5, 2],
    ],
    ["bytes inside as text", 'return {"b": b"x"}', { b: "x" }],
    ["identity that is not there", "return context.identity.cognito_identity_id", null],
    [
      "the context's figures",
      "return [context.function_name, context.memory_limit_in_mb, context.function_version, context.get_remaining_time_in_millis() > 0]",
      ["hello", "128", "$LATEST", true],
    ],
    [
      "its working directory in the path",
      "import os, sys\nreturn sys.path[0] == os.getcwd()",
      true,
    ],
    ["the trace header", 'import os\nreturn os.environ["_X_AMZN_TRACE_ID"][:5]', "Root="],
  ])("answers with %s", async (_name, text, result) => {
    const process = await ready(program, body(text));
    expect(readOutcome(await process.invoke({ a: 1 }))).toEqual({ result });
  });

  it("imports nothing for itself when it loads the handler", async () => {
    const names = ["email", "importlib.metadata", "inspect", "random", "tempfile", "zipfile"];
    const process = await ready(
      program,
      body(`import sys\nreturn [n for n in ${JSON.stringify(names)} if n in sys.modules]`),
    );
    expect(readOutcome(await process.invoke({}))).toEqual({ result: [] });
  });

  it.each([
    ["import logging", "logging.getLogger().warning('seen')"],
    ["from logging import warning", "warning('seen')"],
    ["import logging.handlers", "logging.warning('seen')"],
    ["import logging", "logging.__dict__['warning']('seen')"],
    ["import logging\nlogging.marked = 1", "logging.warning('seen')"],
    [
      "import logging\nfrom concurrent.futures import ThreadPoolExecutor",
      "list(ThreadPoolExecutor(8).map(lambda n: logging.getLogger(str(n)).level, range(8)))\n  logging.warning('seen')",
    ],
  ])("loads logging when a function looks into it: %s · %s", async (head, statement) => {
    const code = `${head}
import sys
def handler(event, context):
  ${statement}
  loaded = sys.modules["logging"]
  return [type(loaded).__name__, loaded is __import__("logging"), len(loaded.root.handlers)]
`;
    const process = await ready(program, code);
    expect(readOutcome(await process.invoke({}))).toEqual({ result: ["module", true, 1] });
    expect(process.logs).toHaveLength(1);
    expect(process.logs[0]).toMatch(/^\[WARNING\]\t.*\tseen$/);
  });

  it("has logging in sys.modules, and loads it for nobody who does not log", async () => {
    const process = await ready(
      program,
      body(`import sys\nreturn ["logging" in sys.modules, "traceback" in sys.modules]`),
    );
    expect(readOutcome(await process.invoke({}))).toEqual({ result: [true, false] });
  });

  it("finds modules where the function's PYTHONPATH says, before those of Python itself", async () => {
    const process = boot(program, "", {
      bootEnvironment: { PYTHONPATH: "/var/runtime" },
      environment: { PYTHONPATH: "/nowhere:/opt/x" },
      files: {
        "app.py": `import sys\ndef handler(event, context):\n  return [p for p in sys.path if p in ("/nowhere", "/opt/x", "/var/runtime") or p.endswith(".zip")]\n`,
      },
    });
    await process.initialize();
    const { result } = readOutcome(await process.invoke({})) as { result: string[] };
    expect(result).toEqual(["/nowhere", "/opt/x", expect.stringMatching(/\.zip$/)]);
  });

  it("passes bytes through and escapes as its release does", async () => {
    const process = await ready(program, body('return b"\\x00raw" if event.get("raw") else "ü"'));
    expect(readOutcome(await process.invoke({ raw: true }))).toEqual({
      contentType: "application/unknown",
      text: "\0raw",
    });
    const outcome = await process.invoke({});
    const text = "payload" in outcome ? Buffer.from(outcome.payload).toString() : "";
    expect(text).toBe(escapesNonAscii ? '"\\u00fc"' : '"ü"');
  });

  it("keeps every digit of a Decimal and writes NaN", async () => {
    const process = await ready(
      program,
      body('from decimal import Decimal\nreturn [Decimal("1.10"), Decimal("NaN"), float("nan")]'),
    );
    const outcome = await process.invoke({});
    expect("payload" in outcome && Buffer.from(outcome.payload).toString()).toBe(
      "[1.10, NaN, NaN]",
    );
  });

  it("reads client context and identity", async () => {
    const process = await ready(
      program,
      body(
        "c = context.client_context\nreturn [c.custom, c.client.app_title, c.env, context.identity.cognito_identity_id]",
      ),
    );
    const clientContext = '{"custom":{"k":1},"client":{"app_title":"t"},"env":{"e":"2"}}';
    const cognitoIdentity = '{"cognitoIdentityId":"id"}';
    expect(readOutcome(await process.invoke({}, { clientContext, cognitoIdentity }))).toEqual({
      result: [{ k: 1 }, "t", { e: "2" }, "id"],
    });
  });

  it("gives the caller an exception with the function's frames only, and logs it", async () => {
    const process = await ready(program, body('raise ValueError("boom")'));
    expect(readOutcome(await process.invoke({}))).toEqual({
      errorType: "ValueError",
      error: {
        errorMessage: "boom",
        errorType: "ValueError",
        requestId,
        stackTrace: [
          `  File "${process.taskRoot}/app.py", line 2, in handler\n    raise ValueError("boom")\n`,
        ],
      },
    });
    expect(process.logs).toEqual([
      `[ERROR] ValueError: boom\nTraceback (most recent call last):\n\u00a0\u00a0File "${process.taskRoot}/app.py", line 2, in handler\n\u00a0\u00a0\u00a0\u00a0raise ValueError("boom")`,
    ]);
    expect(readOutcome(await process.invoke({}))).toMatchObject({ errorType: "ValueError" });
  });

  it("says what cannot be serialised", async () => {
    const process = await ready(program, body("return {1, 2}"));
    expect(readOutcome(await process.invoke({}))).toMatchObject({
      errorType: "Runtime.MarshalError",
      error: {
        errorMessage: "Unable to marshal response: Object of type set is not JSON serializable",
        stackTrace: [],
      },
    });
  });

  it("logs through the root logger as text, from WARNING", async () => {
    const process = await ready(
      program,
      body('import logging\nlogging.info("quiet")\nlogging.warning("loud %s", "x")\nprint("raw")'),
    );
    await process.invoke({});
    expect(process.logs).toHaveLength(1);
    expect(process.logs[0]).toMatch(
      new RegExp(`^\\[WARNING\\]\t[0-9-]+T[0-9:]+\\.[0-9]{3}Z\t${requestId}\tloud x$`),
    );
  });

  it("logs JSON from the level that was asked for", async () => {
    const environment = { AWS_LAMBDA_LOG_FORMAT: "JSON", AWS_LAMBDA_LOG_LEVEL: "INFO" };
    const code = body(
      'import logging\nlogging.debug("no")\nlogging.info("yes", extra={"more": 1})\ntry:\n  1/0\nexcept Exception:\n  logging.exception("failed")',
    );
    const process = await ready(program, code, { environment });
    await process.invoke({});
    const lines = process.logs.map((line) => JSON.parse(line));
    expect(lines[0]).toEqual({
      timestamp: expect.stringMatching(/^[0-9-]+T[0-9:]+Z$/),
      level: "INFO",
      message: "yes",
      logger: "root",
      requestId,
      more: 1,
    });
    expect(lines[1]).toMatchObject({
      level: "ERROR",
      errorType: "ZeroDivisionError",
      location: expect.stringContaining("app.py:handler:"),
    });
    expect(lines).toHaveLength(2);
  });

  it("writes prints through to stdout, an unterminated one too", async () => {
    const process = await ready(
      program,
      body('print("one")\nprint("two", end="")\nimport os\nos._exit(7)'),
    );
    void process.invoke({});
    expect(await process.exited()).toBe(7);
    expect(process.output).toEqual(["one", "two"]);
  });

  it("ends with the status of sys.exit", async () => {
    const process = await ready(program, body("import sys\nsys.exit(4)"));
    void process.invoke({});
    expect((await process.session.failed).reason).toBe("the runtime closed its socket");
    expect(await process.exited()).toBe(4);
  });

  it("survives a function that closes low descriptors and replaces what everybody uses", async () => {
    const code = `import json, os
os.closerange(0, 90)
json.loads = json.dumps = os.write = os.read = None
def handler(event, context):
  return event`;
    const process = await ready(program, code);
    expect(readOutcome(await process.invoke({ a: "é" }))).toEqual({ result: { a: "é" } });
  });

  it("carries megabytes both ways and refuses more than the limit", async () => {
    const process = await ready(program, body('return event.get("text") or "x" * event["size"]'));
    const text = "x".repeat(4_000_000);
    expect(readOutcome(await process.invoke({ text }))).toEqual({ result: text });
    expect(readOutcome(await process.invoke({ size: 6_291_555 }))).toEqual({
      kind: "response-too-large",
    });
    expect(readOutcome(await process.invoke({ text: "ok" }))).toEqual({ result: "ok" });
  });

  it("splits a log line of a megabyte between characters", async () => {
    const process = await ready(program, body('import logging\nlogging.warning("ä" * 500000)'));
    await process.invoke({});
    expect(process.logs.length).toBeGreaterThan(3);
    expect(process.logs.join("").split("\t").at(-1)).toBe("ä".repeat(500_000));
  });

  it("finds handlers in folders and packages", async () => {
    const files = { "pkg/__init__.py": "", "pkg/mod.py": body("return 5") };
    for (const handler of ["pkg/mod.handler", "pkg.mod.handler"]) {
      const process = await ready(program, "", { files, handler });
      expect(readOutcome(await process.invoke({}))).toEqual({ result: 5 });
    }
  });

  it.each([
    [
      "a missing module",
      "gone.handler",
      "",
      "Runtime.ImportModuleError",
      "Unable to import module 'gone': No module named 'gone'",
    ],
    [
      "a missing dependency",
      "app.handler",
      "import absent",
      "Runtime.ImportModuleError",
      "Unable to import module 'app': No module named 'absent'",
    ],
    [
      "a missing function",
      "app.gone",
      "",
      "Runtime.HandlerNotFound",
      "Handler 'gone' missing on module 'app'",
    ],
    [
      "a handler without a dot",
      "app",
      "",
      "Runtime.MalformedHandlerName",
      "Bad handler 'app': not enough values to unpack (expected 2, got 1)",
    ],
    [
      "a built-in module",
      "sys.exit",
      "",
      "Runtime.BuiltInModuleConflict",
      "Cannot use built-in module sys as a handler module",
    ],
    [
      "code that is none",
      "app.handler",
      "def handler(:",
      "Runtime.UserCodeSyntaxError",
      "Syntax error in module 'app': ",
    ],
    ["code that raises", "app.handler", 'raise KeyError("k")', "KeyError", "'k'"],
  ])("reports %s at init and exits with 1", async (_name, handler, code, errorType, message) => {
    const process = boot(program, code, { handler });
    expect(readOutcome(await process.initialize())).toMatchObject({
      errorType,
      error: { errorType, errorMessage: expect.stringContaining(message), requestId: "" },
    });
    expect(await process.exited()).toBe(1);
    expect(process.logs[0]).toContain("LAMBDA_WARNING: Unhandled exception. ");
    expect(process.logs[1]).toContain(`[ERROR] ${errorType}: `);
  });
});
