/** Limits of a sandbox whose function runs on gVisor's kernel, enforced on the whole of it by ours. */
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { SandboxProvider } from "../port.ts";
import { makePlaces, removePlaces, Sandboxes } from "../sandboxes.fixture.ts";
import { describeOnGvisor } from "./installed.fixture.ts";
import { createGvisorProvider } from "./open.ts";

describeOnGvisor("limits on gVisor", () => {
  const places = makePlaces();
  let provider: SandboxProvider;
  let sandboxes: Sandboxes;

  beforeAll(async () => {
    provider = await createGvisorProvider(places);
    sandboxes = new Sandboxes(provider);
  });
  afterEach(() => sandboxes.cleanUp());
  afterAll(async () => {
    await provider.close();
    removePlaces(places);
  });

  const take = (megabytes: number): string =>
    `const held = []; for (let i = 0; i < ${megabytes}; i += 1) held.push(Buffer.alloc(1024 * 1024, 1)); console.log('held');`;

  it("memory beyond the limit ends the command with SIGKILL, out of memory", async () => {
    const ran = await sandboxes.node(take(400), { limits: { memoryMb: 128 } });
    expect(ran).toMatchObject({ exitCode: null, signal: "SIGKILL", outOfMemory: true, stdout: "" });
  });

  it("memory within the limit is given, beside what gVisor itself needs", async () => {
    const ran = await sandboxes.node(take(80), { limits: { memoryMb: 128 } });
    expect(ran).toMatchObject({ exitCode: 0, outOfMemory: false, stdout: "held\n" });
  });

  it("the peak of memory that is told is never above the limit", async () => {
    const sandbox = await sandboxes.start(["/var/lang/bin/node", "-e", take(400)], {
      limits: { memoryMb: 128 },
    });
    await sandbox.exited;
    expect(sandbox.peakMemoryBytes()).toBe(128 * 1024 * 1024);
  });

  it("processes can be as many as the limit allows, and hardly more", async () => {
    const script =
      "let n = 0; try { for (;;) { const c = require('child_process').spawn('/bin/sleep', ['60'], { stdio: 'ignore' }); c.on('error', () => {}); if (!c.pid) break; n += 1; if (n > 300) break; } } catch {} console.log(n); process.exit();";
    const ran = await sandboxes.node(script, { limits: { processes: 60 } });
    const started = Number(ran.stdout);
    expect(started).toBeGreaterThan(40);
    expect(started).toBeLessThan(120);
  });

  it("open files are limited, hard limit included, and no core file is written", async () => {
    const script =
      "ulimit -Sn; ulimit -Hn; ulimit -Sc; ulimit -Hc; ulimit -n 5000 2>/dev/null || echo no";
    const ran = await sandboxes.shell(script, { limits: { openFiles: 200 } });
    expect(ran.stdout).toBe("200\n200\n0\n0\nno\n");
  });
});
