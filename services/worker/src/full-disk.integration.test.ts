/**
 * A worker whose disk is smaller than what its functions may write, as every disk is: one of them
 * fills it, and is the only one that notices.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWorkerFixture, type WorkerFixture } from "./worker.fixture.ts";

const MIB = 1024 * 1024;
const DISK_MB = 300;
const directory = mkdtempSync(join(tmpdir(), "paddock-full-"));
const disk = join(directory, "disk");
let worker: WorkerFixture;

beforeAll(async () => {
  const image = join(directory, "image");
  writeFileSync(image, "");
  truncateSync(image, DISK_MB * MIB);
  mkdirSync(disk);
  execFileSync("mkfs.ext4", ["-q", "-F", image]);
  execFileSync("mount", ["-o", "loop", image, disk]);
  worker = await startWorkerFixture({ PADDOCK_DATA_DIR: disk });
}, 60_000);

afterAll(async () => {
  await worker.stop();
  execFileSync("umount", [disk]);
  rmSync(directory, { recursive: true });
}, 60_000);

const handler = (body: string): Record<string, string> => ({
  "index.mjs": `import fs from "node:fs";\nlet calls = 0;\nexport const handler = async (event) => { calls += 1; ${body} };\n`,
});

describe("a function that fills the machine's disk", () => {
  it("gets EIO instead of zeros, and another /tmp the next time; others keep theirs", async () => {
    const careful = await worker.deploy(
      handler("fs.appendFileSync('/tmp/mine', 'x'); return fs.readFileSync('/tmp/mine', 'utf8');"),
    );
    expect((await worker.invoke(careful, {})).payload).toBe('"x"');
    const greedy = await worker.deploy(
      handler(`
        const before = fs.readdirSync("/tmp").length;
        if (!event.fill) return { calls, before };
        try {
          const file = fs.openSync("/tmp/large", "w");
          for (let i = 0; i < 400; i += 1) fs.writeSync(file, Buffer.alloc(${MIB}, 7));
          fs.closeSync(file);
          for (;;) {
            fs.statSync("/tmp/large");
            fs.readdirSync("/tmp");
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
        } catch (error) { return error.code; }`),
      { timeoutSeconds: 20, memoryMb: 1024 },
    );
    expect((await worker.invoke(greedy, { fill: true })).payload).toBe('"EIO"');
    expect(JSON.parse((await worker.invoke(greedy, {}, { warm: true })).payload)).toEqual({
      calls: 1,
      before: 0,
    });
    expect((await worker.invoke(careful, {}, { warm: true })).payload).toBe('"xx"');
    expect(worker.output()).toContain("/tmp of an environment was given up");
  }, 60_000);
});
