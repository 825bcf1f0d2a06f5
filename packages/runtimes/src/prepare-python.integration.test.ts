/** The bootstrap that is compiled ahead, with the interpreters of this machine. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { BootstrapProcess, readOutcome } from "./bootstraps/bootstrap-process.fixture.ts";
import { discoverPythonRuntimes } from "./discover-python.ts";

let directory: string;
beforeEach(() => {
  directory = path.join(mkdtempSync(path.join(os.tmpdir(), "paddock-prepared-")), "runtimes");
});
afterEach(() => rmSync(path.dirname(directory), { recursive: true, force: true }));

/** Of the first Python: its program, and the folder that it would see at /var/runtime. */
async function discover(): Promise<{ program: string; folder: string }> {
  const [definition] = await discoverPythonRuntimes({ preparedDirectory: directory });
  const sourceOf = (target: string): string | undefined =>
    definition?.binds.find((bind) => bind.target === target)?.source;
  const [program = ""] = definition?.command ?? [];
  const language = sourceOf("/var/lang");
  return {
    program: language === undefined ? program : program.replace("/var/lang", language),
    folder: sourceOf("/var/runtime") ?? "",
  };
}

it("is made once, is readable by everybody, and nothing else stays in its directory", async () => {
  mkdirSync(path.join(directory, "compiling-left-by-a-killed-worker"), { recursive: true });
  const first = await discover();
  expect(path.dirname(first.folder)).toBe(directory);
  expect(readdirSync(directory).filter((name) => !name.startsWith("python3."))).toEqual([]);
  const file = path.join(first.folder, "paddock_runtime/main.py");
  expect(statSync(first.folder).mode & 0o777).toBe(0o755);
  expect(statSync(file).mode & 0o777).toBe(0o644);
  const madeAtMs = statSync(file).ctimeMs;
  expect((await discover()).folder).toBe(first.folder);
  expect(statSync(file).ctimeMs).toBe(madeAtMs);
}, 60_000);

it("runs as the sources do, and is not compiled at a boot", async () => {
  const { program, folder } = await discover();
  writeFileSync(path.join(folder, "paddock_runtime/main.py"), "this cannot be compiled");
  const running = new BootstrapProcess({
    command: [program, "-u", "-B", "-s", path.join(folder, "bootstrap.py")],
    handler: "app.handler",
    files: { "app.py": "def handler(event, context):\n  return event['a']\n" },
  });
  try {
    expect(await running.initialize()).toEqual({ kind: "ready" });
    expect(readOutcome(await running.invoke({ a: 1 }))).toEqual({ result: 1 });
  } finally {
    await running.stop();
  }
}, 60_000);
