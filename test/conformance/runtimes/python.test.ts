/** Python handlers as on Lambda, in whichever Python 3 the machine has. */
import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { createFunction, type FunctionPlan, invoke, invokeWithLog } from "../support/functions.ts";

const version = execFileSync("python3", ["--version"], { encoding: "utf8" });
const [, minor = "3.11"] = /Python (3\.\d+)/.exec(version) ?? [];
// The SDK's list of runtimes is of the day it was made; the machine's may be newer.
const Runtime = `python${minor}` as NonNullable<FunctionPlan["Runtime"]>;

const python = (source: string, more: Partial<FunctionPlan> = {}) =>
  createFunction({ Runtime, files: { "index.py": source }, ...more });

describe(`Python ${minor}`, () => {
  it("gives the handler its event and Lambda's context", async () => {
    const name = await python(`
def handler(event, context):
    return {"event": event, "id": context.aws_request_id, "name": context.function_name,
            "memory": context.memory_limit_in_mb, "arn": context.invoked_function_arn,
            "left": context.get_remaining_time_in_millis(), "stream": context.log_stream_name}
`);
    const { json, requestId } = await invoke(name, { text: "grüße" });
    expect(json).toMatchObject({
      event: { text: "grüße" },
      id: requestId,
      name,
      memory: "128",
      arn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
    });
    expect(json.left).toBeGreaterThan(1000);
    expect(json.stream).toMatch(/\[\$LATEST\][0-9a-f]{32}$/);
  });

  it("reports what a handler raises, with its frames", async () => {
    const name = await python("def handler(event, context):\n    raise ValueError('boom')\n");
    const { json, functionError, requestId } = await invoke(name);
    expect(functionError).toBe("Unhandled");
    expect(json).toMatchObject({ errorMessage: "boom", errorType: "ValueError", requestId });
    expect(json.stackTrace[0]).toContain('File "/var/task/index.py", line 2, in handler');
  });

  it("writes prints as they are, and log records with level, time and request id", async () => {
    const name = await python(`
import logging
logging.getLogger().setLevel(logging.INFO)
def handler(event, context):
    print("printed")
    logging.info("logged")
`);
    const { log, requestId } = await invokeWithLog(name);
    expect(log).toContain("\nprinted\n");
    expect(log).toMatch(new RegExp(`\\[INFO\\]\t\\S+Z\t${requestId}\tlogged\n`));
  });

  it.each<[string, Record<string, string>, string, string, string]>([
    [
      "imports what is not there",
      { "index.py": "import not_there" },
      "index.handler",
      "Runtime.ImportModuleError",
      "Unable to import module 'index': No module named 'not_there'",
    ],
    [
      "has no such handler",
      { "index.py": "x = 1" },
      "index.handler",
      "Runtime.HandlerNotFound",
      "Handler 'handler' missing on module 'index'",
    ],
    [
      "is malformed",
      { "index.py": "def handler(" },
      "index.handler",
      "Runtime.UserCodeSyntaxError",
      "Syntax error in module 'index'",
    ],
    [
      "has no handler's name",
      { "index.py": "" },
      "index",
      "Runtime.MalformedHandlerName",
      "Bad handler 'index'",
    ],
  ])("says in Lambda's words that a module %s", async (_what, files, Handler, type, message) => {
    const { json } = await invoke(await createFunction({ Runtime, files, Handler }));
    expect(json.errorType).toBe(type);
    expect(json.errorMessage).toContain(message);
  });

  it("says what it cannot return", async () => {
    const { json } = await invoke(
      await python("def handler(event, context):\n    return object()\n"),
    );
    expect(json.errorType).toBe("Runtime.MarshalError");
    expect(json.errorMessage).toContain("Unable to marshal response");
  });

  it("keeps globals through warm invocations, and its time-out", async () => {
    const source = `
import time
count = 0
def handler(event, context):
    global count
    count += 1
    time.sleep(event.get("sleep", 0))
    return count
`;
    const name = await python(source, { Timeout: 1 });
    expect([(await invoke(name)).json, (await invoke(name)).json]).toEqual([1, 2]);
    const { json, requestId } = await invoke(name, { sleep: 30 });
    expect(json).toEqual({
      errorType: "Sandbox.Timedout",
      errorMessage: `RequestId: ${requestId} Error: Task timed out after 1.00 seconds`,
    });
    expect((await invoke(name)).json).toBe(1);
  });

  it("ends with the exit status that the process gave", async () => {
    const name = await python("import os\ndef handler(event, context):\n    os._exit(5)\n");
    const { json } = await invoke(name);
    expect(json.errorType).toBe("Runtime.ExitError");
    expect(json.errorMessage).toContain("exit status 5");
  });
});
