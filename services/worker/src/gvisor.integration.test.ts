/** A worker whose functions run on gVisor: every kind of runtime, time-outs, memory, what is told. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { eventually } from "@paddock/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, startWorkerFixture, type WorkerFixture } from "./worker.fixture.ts";

const isInstalled = (process.env["PATH"] ?? "").split(delimiter).some((directory) => {
  try {
    accessSync(join(directory, "runsc"), constants.X_OK);
    return true;
  } catch {
    return false;
  }
});
const reason = isInstalled ? "" : " (runsc is not installed)";
const parsed = (answer: Answer): Record<string, unknown> => JSON.parse(answer.payload);

// Left out where there is no gVisor; the reason is in the title.
describe.skipIf(!isInstalled)(`a worker with isolation gvisor${reason}`, () => {
  let worker: WorkerFixture;
  beforeAll(async () => {
    worker = await startWorkerFixture({ PADDOCK_ISOLATION: "gvisor" });
  }, 60_000);
  afterAll(() => worker.stop(), 60_000);

  it("says so in its status and in its start-up message", async () => {
    await eventually(() => expect(worker.status()?.isolation).toBe("gvisor"));
    expect(worker.output()).toContain("gVisor (systrap)");
  });

  it("runs Node, with the state of an environment kept", async () => {
    const code = "let n = 0; export const handler = async () => { n += 1; return n; };";
    const target = await worker.deploy({ "index.mjs": code });
    expect((await worker.invoke(target, {})).payload).toBe("1");
    expect((await worker.invoke(target, {}, { warm: true })).payload).toBe("2");
  });

  it("runs Python", async () => {
    const code =
      "import os\ndef handler(event, context):\n    return [event['name'], os.uname().release, os.getcwd()]\n";
    const runtime = worker.status()?.runtimes.find((name) => name.startsWith("python")) ?? "";
    const target = await worker.deploy({ "index.py": code }, { runtime });
    const [name, release, directory] = JSON.parse(
      (await worker.invoke(target, { name: "you" })).payload,
    );
    expect([name, directory]).toEqual(["you", "/var/task"]);
    expect(release).toContain("gvisor");
  });

  it("runs a bootstrap of the function's own over the HTTP Runtime API", async () => {
    const api = "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation";
    const content = `#!/bin/sh
while :; do
  id=$(curl -sS -D - -o /tmp/event "${api}/next" | tr -d '\\r' | sed -n 's/^[Ll]ambda-[Rr]untime-[Aa]ws-[Rr]equest-[Ii]d: //p')
  curl -sS -o /dev/null -d @/tmp/event "${api}/$id/response"
done
`;
    const target = await worker.deploy(
      { bootstrap: { content, mode: 0o755 } },
      { runtime: "provided.al2023", timeoutSeconds: 10 },
    );
    expect((await worker.invoke(target, { echo: 1 })).payload).toBe('{"echo":1}');
  });

  it("ends a function at its time-out, and one that has no memory left, as everywhere", async () => {
    const hanging = "export const handler = () => new Promise(() => setInterval(() => {}, 1000));";
    const greedy =
      "const held = []; export const handler = () => { for (;;) held.push(Buffer.alloc(1 << 20, 1)); };";
    const [late, greedily] = await Promise.all([
      worker.deploy({ "index.mjs": hanging }, { timeoutSeconds: 1 }),
      worker.deploy({ "index.mjs": greedy }, { timeoutSeconds: 20, memoryMb: 256 }),
    ]);
    expect(parsed(await worker.invoke(late, {}))["errorType"]).toBe("Sandbox.Timedout");
    expect(parsed(await worker.invoke(greedily, {}))["errorType"]).toBe("Runtime.ExitError");
  });
});
