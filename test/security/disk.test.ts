/**
 * Scenario: functions that fill their disk, in bytes and in files, from Node, Python and a native
 * bootstrap, each with half as much memory. They are told ENOSPC and go on; their neighbour, whose /tmp
 * takes what it did before, and the host do not notice.
 */
import type { Runtime } from "@aws-sdk/client-lambda";
import { statusReportSchema } from "@paddock/contracts/admin";
import type { ZipEntry } from "@paddock/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { adminRead } from "./support/admin.ts";
import { user } from "./support/prison.ts";

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
  /**
   * The event is a string of words: `bytes` and `files` write until they are refused, `clear` deletes
   * everything. The answer is a Filled for each: one invocation, for the next may be another
   * environment's.
   */
  readonly files: Readonly<Record<string, ZipEntry>>;
}

const node = `
import fs from "node:fs";
const actions = {
  bytes() {
    const data = Buffer.alloc(${MIB}, 1);
    const file = fs.openSync("/tmp/large", "w");
    try { for (;;) fs.writeSync(file, data); } finally { fs.closeSync(file); }
  },
  files() { for (let i = 0; ; i += 1) fs.writeFileSync("/tmp/" + i, ""); },
  clear() { for (const name of fs.readdirSync("/tmp")) fs.unlinkSync("/tmp/" + name); },
};
const act = (word) => {
  let error = "none";
  try { actions[word](); } catch (problem) { error = problem.code; }
  const sizes = fs.readdirSync("/tmp").map((name) => fs.statSync("/tmp/" + name).size);
  return { files: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0), error };
};
export const handler = async (words) => words.split(" ").map(act);`;

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

def act(word):
    error = "none"
    try:
        {"bytes": fill_bytes, "files": fill_files, "clear": clear}[word]()
    except OSError as problem:
        error = errno.errorcode[problem.errno]
    sizes = [os.stat(f"/tmp/{name}").st_size for name in os.listdir("/tmp")]
    return {"files": len(sizes), "bytes": sum(sizes), "error": error}

def handler(words, context):
    return [act(word) for word in words.split(" ")]
`;

const native = `#!/bin/sh
bytes() { dd if=/dev/zero of=/tmp/large bs=1M; }
files() { n=0; while true > "/tmp/$n" || return 1; do n=$((n + 1)); done; }
clear() { find /tmp -type f -delete; }
act() {
  said=$($1 2>&1)
  case "$said" in *'No space left on device'*) error=ENOSPC;; '') error=none;; *) error=other;; esac
  count=$(find /tmp -type f | wc -l)
  size=$(find /tmp -type f -printf '%s\\n' | awk '{ sum += $1 } END { print sum + 0 }')
  printf '{"files":%s,"bytes":%s,"error":"%s"}' "$count" "$size" "$error"
}
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime"
while :; do
  # Headers and body together, for /tmp may have no room for either.
  answer=$(curl -sSi "$api/invocation/next" | tr -d '\\r"')
  id=$(printf '%s\\n' "$answer" | sed -n 's/^Lambda-Runtime-Aws-Request-Id: //Ip')
  all=
  for word in $(printf '%s\\n' "$answer" | tail -n 1); do all="$all,$(act "$word")"; done
  curl -sS -o /dev/null -d "[\${all#,}]" "$api/invocation/$id/response"
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

let neighbour: string;
let runtimes: readonly string[];

beforeAll(async () => {
  ({ runtimes } = statusReportSchema.parse(await adminRead("status")));
  neighbour = await user.createFunction({
    files: {
      "index.mjs": `import fs from "node:fs";
        export const handler = async () => { fs.writeFileSync("/tmp/mine", "x".repeat(${MIB})); return [...fs.readdirSync("/tmp"), fs.statSync("/tmp/mine").size]; };`,
    },
  });
});

async function admit({ runtime, handler, files }: Language): Promise<string> {
  const found = runtimes.find((name) => name.startsWith(runtime));
  if (found === undefined) throw new Error(`these tests need a runtime ${runtime}`);
  return user.createFunction({
    files,
    // The API is what checks it.
    Runtime: found as Runtime,
    Handler: handler,
    MemorySize: 256,
    Timeout: 120,
  });
}

async function tell(name: string, words: string): Promise<Filled[]> {
  const { functionError, json, text } = await user.invoke(name, words);
  if (functionError !== undefined) throw new Error(`${name}: ${text}`);
  return json;
}

describe.each(languages)("a function in $language that fills its disk", (language) => {
  let name: string;
  beforeAll(async () => {
    name = await admit(language);
  });

  const cleared: Filled = { files: 0, bytes: 0, error: "none" };

  it("with bytes is told ENOSPC at its size, far beyond its memory, and goes on", async () => {
    const [first, afterwards, again] = await tell(name, "bytes clear bytes clear");
    expect(first).toMatchObject({ files: 1, error: "ENOSPC" });
    expect(first?.bytes).toBeGreaterThan((SIZE_MB - 1) * MIB);
    expect(first?.bytes).toBeLessThanOrEqual((SIZE_MB + 1) * MIB);
    expect(afterwards).toEqual(cleared);
    expect(again).toEqual(first);
  });

  it("with files is told ENOSPC at their number, and goes on", async () => {
    const [filled, afterwards] = await tell(name, "files clear");
    expect(filled).toMatchObject({ bytes: 0, error: "ENOSPC" });
    expect(filled?.files).toBeGreaterThan(30_000);
    expect(filled?.files).toBeLessThan(36_000);
    expect(afterwards).toEqual(cleared);
  });

  it("is not noticed by its neighbour", async () => {
    await tell(name, "bytes");
    expect((await user.invoke(neighbour)).json).toEqual(["mine", MIB]);
  });
});
