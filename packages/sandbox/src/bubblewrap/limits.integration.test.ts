/** Limits that the kernel enforces, and what is said when it did. */
import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { readHierarchies } from "../control-groups/open.ts";
import { workerName } from "../host/worker-name.ts";
import type { SandboxProvider } from "../port.ts";
import { makePlaces, removePlaces, Sandboxes, uniqueSleep } from "../sandboxes.fixture.ts";
import { createBubblewrapProvider } from "./open.ts";

const places = makePlaces();
let provider: SandboxProvider;
let sandboxes: Sandboxes;

beforeAll(async () => {
  provider = await createBubblewrapProvider(places);
  sandboxes = new Sandboxes(provider);
});
afterEach(() => sandboxes.cleanUp());
afterAll(async () => {
  await provider.close();
  removePlaces(places);
});

const take = (megabytes: number): string =>
  `const held = []; for (let i = 0; i < ${megabytes}; i += 1) held.push(Buffer.alloc(1024 * 1024, 1)); console.log('held');`;

describe("memory", () => {
  it("beyond the limit ends the command with SIGKILL, out of memory", async () => {
    const ran = await sandboxes.node(take(400), { limits: { memoryMb: 128 } });
    expect(ran).toMatchObject({ exitCode: null, signal: "SIGKILL", outOfMemory: true, stdout: "" });
  });

  it("within the limit is given", async () => {
    const ran = await sandboxes.node(take(100), { limits: { memoryMb: 256 } });
    expect(ran).toMatchObject({ exitCode: 0, outOfMemory: false, stdout: "held\n" });
  });

  it("that kills a process of the command only is told all the same", async () => {
    const script = `/var/lang/bin/node -e "${take(400)}"; echo "ended with $?"`;
    const ran = await sandboxes.shell(script, { limits: { memoryMb: 128 } });
    expect(ran).toMatchObject({ exitCode: 0, outOfMemory: true });
    expect(ran.stdout).toContain("ended with 137");
  });

  it("can be raised and lowered while the sandbox runs", async () => {
    const limits = { cpus: 1, processes: 64, openFiles: 1024 };
    const script = `process.stdin.on('error', () => {}); setTimeout(() => { ${take(300)} process.exit(); }, 300)`;
    const sandbox = await sandboxes.start(["/var/lang/bin/node", "-e", script], {
      limits: { memoryMb: 128 },
    });
    sandbox.setLimits({ ...limits, memoryMb: 512 });
    sandbox.setLimits({ ...limits, memoryMb: 256 });
    sandbox.setLimits({ ...limits, memoryMb: 1024 });
    expect(await sandboxes.finish(sandbox)).toMatchObject({ exitCode: 0, stdout: "held\n" });
  });

  it("of files in /dev/shm counts as the function's", async () => {
    const script = "head -c 60000000 /dev/zero > /dev/shm/file; ls -s /dev/shm; exit 0";
    const ran = await sandboxes.shell(script, { limits: { memoryMb: 32 } });
    expect(ran.outOfMemory).toBe(true);
  });
});

describe("buffers of network sockets", () => {
  /** Fills connections of its own until none takes more; prints how many bytes they hold. */
  const fill = `
import socket
server = socket.socket(); server.bind(("127.0.0.1", 0)); server.listen(512)
held, sent = [], 0
for _ in range(100):
    try:
        client = socket.socket(); client.settimeout(1); client.connect(server.getsockname())
        held += [client, server.accept()]; client.setblocking(False)
        while True: sent += client.send(bytes(65536))
    except OSError: pass
print(sent)`;

  it("are limited with the memory", async () => {
    const ran = await sandboxes.run(["/usr/bin/python3", "-c", fill], {
      limits: { memoryMb: 128, cpus: 2 },
    });
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    expect(Number(ran.stdout)).toBeGreaterThan(100_000);
    expect(Number(ran.stdout)).toBeLessThan(128 * 1024 * 1024);
  });
});

describe("processes", () => {
  const spawnMany =
    "let n = 0; try { for (;;) { const c = require('child_process').spawn('/bin/sleep', ['60'], { stdio: 'ignore' }); c.on('error', () => {}); if (!c.pid) break; n += 1; if (n > 300) break; } } catch {} console.log(n); process.exit();";

  it("cannot be more than the limit", async () => {
    const ran = await sandboxes.node(spawnMany, { limits: { processes: 40 } });
    const started = Number(ran.stdout);
    // Node's own threads count as processes of the function.
    expect(started).toBeGreaterThan(10);
    expect(started).toBeLessThan(40);
  });

  it("of one sandbox do not use up those of another", async () => {
    await sandboxes.startShell("while :; do sleep 1000 & done", { limits: { processes: 20 } });
    expect(
      (await sandboxes.shell("for i in 1 2 3 4 5; do sleep 0 & done; wait; echo fine")).stdout,
    ).toBe("fine\n");
  });
});

describe("descriptors and core files", () => {
  it("are limited, hard limit included", async () => {
    const script =
      "ulimit -Sn; ulimit -Hn; ulimit -Sc; ulimit -Hc; ulimit -n 5000 2>/dev/null || echo no";
    const ran = await sandboxes.shell(script, { limits: { openFiles: 200 } });
    expect(ran.stdout).toBe("200\n200\n0\n0\nno\n");
  });

  it("of core files is one byte: with none at all, a handler of the host would still be run", async () => {
    const ran = await sandboxes.shell("ulimit -c 0; grep 'core file' /proc/self/limits");
    expect(ran.stdout.trim().split(/\s+/).slice(-3)).toEqual(["1", "1", "bytes"]);
  });

  it("beyond the limit fail with EMFILE", async () => {
    const script =
      "const fs = require('fs'); let n = 0; try { for (;;) { fs.openSync('/dev/null'); n += 1; } } catch (e) { console.log(e.code, n < 64); }";
    const ran = await sandboxes.node(script, { limits: { openFiles: 64 } });
    expect(ran.stdout).toBe("EMFILE true\n");
  });
});

/** One value of the sandbox's group: the file of version 1, or else that of version 2. */
function cpuValue(sandboxId: string, [ofVersion1, ofVersion2]: readonly [string, string]): string {
  const below = `paddock/${workerName(places.workerId)}/${sandboxId}`;
  const { v1, v2 } = readHierarchies();
  const cpu = v1.get("cpu");
  const file =
    cpu === undefined
      ? `${v2?.mountPoint}/${below}/${ofVersion2}`
      : `${cpu.mountPoint}/${below}/${ofVersion1}`;
  return readFileSync(file, "utf8").split(/\s/)[0] ?? "";
}

describe("CPU", () => {
  it("is a quota in the sandbox's control group that setLimits changes", async () => {
    const sandbox = await sandboxes.start(["/bin/sleep", uniqueSleep()], { limits: { cpus: 0.5 } });
    const quota = (): string => cpuValue(sandbox.sandboxId, ["cpu.cfs_quota_us", "cpu.max"]);
    expect(quota()).toBe("50000");
    sandbox.setLimits({ memoryMb: 512, cpus: 2, processes: 64, openFiles: 1024 });
    expect(quota()).toBe("200000");
  });

  it("is shared by weight, which setLimits changes, and all others have the whole", async () => {
    const sandbox = await sandboxes.start(["/bin/sleep", uniqueSleep()], {
      limits: { cpuWeight: 1 },
    });
    const weight = (): string => cpuValue(sandbox.sandboxId, ["cpu.shares", "cpu.weight"]);
    expect(["1", "10"]).toContain(weight());
    sandbox.setLimits({ memoryMb: 512, cpus: 1, processes: 64, openFiles: 1024 });
    expect(["100", "1024"]).toContain(weight());
    const beyond = { memoryMb: 512, cpus: 1, processes: 64, openFiles: 1024, cpuWeight: 101 };
    expect(() => sandbox.setLimits(beyond)).toThrow("CPU weight");
  });
});
