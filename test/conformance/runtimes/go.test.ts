/**
 * A compiled bootstrap on provided.al2023 with aws-lambda-go, AWS's own library, unmodified: what
 * every Go function on Lambda is. Built into .cache once; skipped where there is no Go toolchain.
 */
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { createFunction, invoke, invokeWithLog } from "../support/functions.ts";
import { isInstalled } from "../support/programs.ts";

const run = promisify(execFile);
const BUILD_MS = 300_000;
const LIBRARY = "github.com/aws/aws-lambda-go@v1.55.1";
const source = fileURLToPath(new URL("./fixtures/go", import.meta.url));
const folder = fileURLToPath(new URL("../../../.cache/conformance-go", import.meta.url));

const hasGo = isInstalled("functions in Go", "go", ["version"]);

/** Static: the sandbox need not have the C library that this machine links with. */
async function buildBootstrap(): Promise<Buffer> {
  const options = { cwd: folder, env: { ...process.env, CGO_ENABLED: "0" } };
  mkdirSync(folder, { recursive: true });
  cpSync(source, folder, { recursive: true });
  if (!existsSync(join(folder, "go.mod"))) {
    await run("go", ["mod", "init", "example.com/bootstrap"], options);
    await run("go", ["get", LIBRARY], options);
  }
  await run("go", ["build", "-tags", "lambda.norpc", "-o", "bootstrap", "."], options);
  return readFileSync(join(folder, "bootstrap"));
}

// A machine without it: isInstalled has printed the reason.
describe.skipIf(!hasGo)("a function in Go", () => {
  let name = "";

  beforeAll(async () => {
    const bootstrap = { content: await buildBootstrap(), mode: 0o755 };
    name = await createFunction({ Runtime: "provided.al2023", files: { bootstrap }, Timeout: 2 });
  }, BUILD_MS);

  it("sees its event, Lambda's context and its deadline", async () => {
    const { json, requestId } = await invoke(name, { name: "you" });
    expect(json).toEqual({
      hello: "you",
      id: requestId,
      arn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
      function: name,
      version: "$LATEST",
      memoryMb: 128,
      hasDeadline: true,
    });
  });

  it("returns its errors in its own words, and runs on", async () => {
    const failed = await invoke(name, { fail: true });
    expect(failed.functionError).toBe("Unhandled");
    expect(failed.json).toEqual({ errorMessage: "will not", errorType: "errorString" });
    expect((await invoke(name, { name: "again" })).json.hello).toBe("again");
  });

  it("reports a panic with its stack, and runs again", async () => {
    const { json } = await invoke(name, { panic: true });
    expect(json).toMatchObject({ errorMessage: "did not expect that", errorType: "string" });
    expect(json.stackTrace[0]).toMatchObject({
      path: expect.any(String),
      label: expect.any(String),
    });
    expect((await invoke(name, { name: "again" })).json.hello).toBe("again");
  });

  it("writes its log as it is, and is told its time-out", async () => {
    const { log } = await invokeWithLog(name, { name: "logged" });
    expect(log).toContain("\ngreeting logged\n");
    const { json, requestId } = await invoke(name, { hang: true });
    expect(json).toEqual({
      errorType: "Sandbox.Timedout",
      errorMessage: `RequestId: ${requestId} Error: Task timed out after 2.00 seconds`,
    });
  });
});
