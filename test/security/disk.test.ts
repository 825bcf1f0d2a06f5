/**
 * Scenario: functions that fill their disk, in bytes and in files, from Node, Python and a native
 * bootstrap, each with 128 MB of memory. They are told ENOSPC and go on; their neighbour, whose /tmp
 * is as it was, and the host do not notice.
 */
import type { Runtime } from "@aws-sdk/client-lambda";
import { statusReportSchema } from "@paddock/contracts/admin";
import { startPaddock, type TestPaddock, type ZipEntry } from "@paddock/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLambdaUser, type LambdaUser } from "../support/lambda-user.ts";

const MIB = 1024 * 1024;
const SIZE_MB = 512;

/** What is left of /tmp's files and what stopped the writing. */
interface Filled {
  readonly files: number;
  readonly bytes: number;
  readonly error: string;
}

interface Language {
  readonly language: string;
  /** Runtimes whose name begins so, the first that is there. */
  readonly runtime: string;
  readonly handler: string;
  /** Events: `bytes`, `files` (both until refused), `clear`. The answer is a Filled. */
  readonly files: Readonly<Record<string, ZipEntry>>;
}

const node = `
import fs from "node:fs";
const actions = {
  bytes() {
    const data = Buffer.alloc(${MIB}, 1);
    const file = fs.openSync("/tmp/large", "w");
    for (;;) fs.writeSync(file, data);
  },
  files() { for (let i = 0; ; i += 1) fs.writeFileSync("/tmp/" + i, ""); },
  clear() { for (const name of fs.readdirSync("/tmp")) fs.unlinkSync("/tmp/" + name); },
};
export const handler = async (what) => {
  let error = "none";
  try { actions[what](); } catch (problem) { error = problem.code; }
  const sizes = fs.readdirSync("/tmp").map((name) => fs.statSync("/tmp/" + name).size);
  return { files: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0), error };
};`;

const python = `
import errno, os

def fill_bytes():
    with open("/tmp/large", "wb", buffering=0) as file:
        while True:
            file.write(b"x" * ${MIB})

def fill_files():
    number = 0
    while True:
        open(f"/tmp/{number}", "w").close()
        number += 1

def clear():
    for name in os.listdir("/tmp"):
        os.unlink(f"/tmp/{name}")

def handler(what, context):
    error = "none"
    try:
        {"bytes": fill_bytes, "files": fill_files, "clear": clear}[what]()
    except OSError as problem:
        error = errno.errorcode[problem.errno]
    sizes = [os.stat(f"/tmp/{name}").st_size for name in os.listdir("/tmp")]
    return {"files": len(sizes), "bytes": sum(sizes), "error": error}
`;

const native = `#!/bin/sh
fill_bytes() { dd if=/dev/zero of=/tmp/large bs=1M; }
fill_files() { n=0; while true > "/tmp/$n" || return 1; do n=$((n + 1)); done; }
clear() { rm -f /tmp/*; }
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime"
while :; do
  # Nothing of the loop itself may need room in /tmp.
  head=$(curl -sS -D - -o /dev/fd/3 "$api/invocation/next" 3>&1 | tr -d '\\r')
  id=$(printf '%s\\n' "$head" | sed -n 's/^Lambda-Runtime-Aws-Request-Id: //Ip')
  case "$head" in *'"bytes"'*) what=fill_bytes;; *'"files"'*) what=fill_files;; *) what=clear;; esac
  said=$($what 2>&1)
  case "$said" in *'No space left on device'*) error=ENOSPC;; '') error=none;; *) error=other;; esac
  files=$(ls -A /tmp | wc -l)
  bytes=$(ls -lnA /tmp | awk '{ sum += $5 } END { print sum + 0 }')
  curl -sS -o /dev/null -d "{\\"files\\":$files,\\"bytes\\":$bytes,\\"error\\":\\"$error\\"}" "$api/invocation/$id/response"
done`;

const languages: readonly Language[] = [
  {
    language: "Node",
    runtime: "nodejs",
    handler: "index.handler",
    files: { "index.mjs": node },
  },
  {
    language: "Python",
    runtime: "python",
    handler: "index.handler",
    files: { "index.py": python },
  },
  {
    language: "a native bootstrap",
    runtime: "provided",
    handler: "none",
    files: { bootstrap: { content: native, mode: 0o755 } },
  },
];

let paddock: TestPaddock;
let user: LambdaUser;
let neighbour: string;
let runtimes: readonly string[];

beforeAll(async () => {
  paddock = await startPaddock();
  user = createLambdaUser(paddock.access);
  ({ runtimes } = statusReportSchema.parse(JSON.parse(await paddock.cli("status", "--json"))));
  neighbour = await user.createFunction({
    files: {
      "index.mjs": `import fs from "node:fs";
        export const handler = async () => { fs.appendFileSync("/tmp/mine", "x"); return fs.readdirSync("/tmp").length + fs.readFileSync("/tmp/mine", "utf8"); };`,
    },
  });
  expect((await user.invoke(neighbour)).json).toBe("1x");
});
afterAll(() => paddock.stop());

async function admit({ runtime, handler, files }: Language): Promise<string> {
  const found = runtimes.find((name) => name.startsWith(runtime));
  if (found === undefined) throw new Error(`these tests need a runtime ${runtime}`);
  return user.createFunction({
    files,
    // The API is what checks it.
    Runtime: found as Runtime,
    Handler: handler,
    MemorySize: 128,
    Timeout: 120,
  });
}

async function tell(name: string, what: string): Promise<Filled> {
  const { functionError, json, text } = await user.invoke(name, what);
  if (functionError !== undefined) throw new Error(`${name}: ${text}`);
  return json;
}

describe.each(languages)("a function in $language that fills its disk", (language) => {
  let name: string;
  beforeAll(async () => {
    name = await admit(language);
  });

  it("with bytes is told ENOSPC at its size, far beyond its memory, and goes on", async () => {
    const filled = await tell(name, "bytes");
    expect(filled).toMatchObject({ files: 1, error: "ENOSPC" });
    expect(filled.bytes).toBeGreaterThan((SIZE_MB - 1) * MIB);
    expect(filled.bytes).toBeLessThanOrEqual((SIZE_MB + 1) * MIB);
    expect(await tell(name, "clear")).toEqual({ files: 0, bytes: 0, error: "none" });
    expect(await tell(name, "bytes")).toEqual(filled);
    await tell(name, "clear");
  });

  it("with files is told ENOSPC at their number, and goes on", async () => {
    const filled = await tell(name, "files");
    expect(filled).toMatchObject({ bytes: 0, error: "ENOSPC" });
    expect(filled.files).toBeGreaterThan(30_000);
    expect(filled.files).toBeLessThan(36_000);
    expect(await tell(name, "clear")).toEqual({ files: 0, bytes: 0, error: "none" });
  });

  it("is not noticed by its neighbour", async () => {
    await tell(name, "bytes");
    expect((await user.invoke(neighbour)).json).toMatch(/^1x+$/);
  });
});
