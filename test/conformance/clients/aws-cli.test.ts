/** The stock AWS CLI with what `paddock env` prints, from create-function to delete-function. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildZip } from "@paddock/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { paddock } from "../support/clients.ts";
import { ROLE_ARN, uniqueName } from "../support/functions.ts";
import { isInstalled } from "../support/programs.ts";

const run = promisify(execFile);
const directory = mkdtempSync(join(tmpdir(), "paddock-aws-cli-"));
const name = uniqueName("cli");
let version = "";

/** `paddock env` sets AWS_ENDPOINT_URL; older CLIs want it as an option too. */
async function aws(...args: readonly string[]): Promise<string> {
  const options = ["--endpoint-url", paddock.endpoint, "--output", "json", ...binaryPayloads()];
  const { stdout } = await run("aws", [...args, ...options], {
    cwd: directory,
    env: {
      ...paddock.environment,
      PATH: process.env["PATH"],
      HOME: directory,
      // Where pyenv provides the program, it asks for its own home.
      ...(process.env["PYENV_ROOT"] === undefined ? {} : { PYENV_ROOT: process.env["PYENV_ROOT"] }),
    },
  });
  return stdout;
}

/** Version 2 takes payloads in base64 unless it is told otherwise; version 1 knows no such option. */
const binaryPayloads = () =>
  version.startsWith("aws-cli/2") ? ["--cli-binary-format", "raw-in-base64-out"] : [];

const lambda = async (...args: readonly string[]) => {
  const output = await aws("lambda", ...args);
  return output === "" ? {} : (JSON.parse(output) as Record<string, any>); // oxlint-disable-line typescript/no-explicit-any -- any operation's answer
};

const hasAwsCli = isInstalled("the AWS CLI", "aws", ["--version"]);

beforeAll(async () => {
  if (!hasAwsCli) return;
  const { stdout, stderr } = await run("aws", ["--version"]);
  version = stdout || stderr;
  const source =
    "export const handler = async (event) => { console.log('hi'); return { hello: event.name }; };";
  writeFileSync(join(directory, "hello.zip"), await buildZip({ "index.mjs": source }));
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

// A machine without it: isInstalled has printed the reason.
describe.skipIf(!hasAwsCli)("the AWS CLI", () => {
  it("creates a function and waits for it", async () => {
    const created = await lambda(
      ...["create-function", "--function-name", name, "--runtime", "nodejs24.x"],
      ...["--handler", "index.handler", "--zip-file", "fileb://hello.zip", "--role", ROLE_ARN],
    );
    expect(created["FunctionName"]).toBe(name);
    await lambda("wait", "function-active-v2", "--function-name", name);
    const found = await lambda("get-function", "--function-name", name);
    expect(found["Configuration"].State).toBe("Active");
  });

  it("invokes it and writes what it returned to a file", async () => {
    const answer = await lambda(
      ...["invoke", "--function-name", name, "--payload", '{"name":"you"}', "--log-type", "Tail"],
      "out.json",
    );
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: "$LATEST" });
    expect(JSON.parse(readFileSync(join(directory, "out.json"), "utf8"))).toEqual({ hello: "you" });
    expect(Buffer.from(answer["LogResult"], "base64").toString()).toContain("\tINFO\thi\n");
  });

  it("invokes it asynchronously", async () => {
    const answer = await lambda(
      ...["invoke", "--function-name", name, "--invocation-type", "Event", "--payload", "{}"],
      "out.json",
    );
    expect(answer).toEqual({ StatusCode: 202 });
  });

  it("updates, lists and deletes it", async () => {
    await lambda("update-function-configuration", "--function-name", name, "--timeout", "7");
    await lambda("wait", "function-updated-v2", "--function-name", name);
    const { Functions } = await lambda("list-functions");
    const listed = (Functions as { FunctionName: string; Timeout: number }[]).find(
      ({ FunctionName }) => FunctionName === name,
    );
    expect(listed?.Timeout).toBe(7);
    await lambda("delete-function", "--function-name", name);
    await expect(lambda("get-function", "--function-name", name)).rejects.toThrow(
      /An error occurred \(ResourceNotFoundException\) when calling the GetFunction operation: Function not found/,
    );
  });
});
