/** What a function has of disk: its layers at /opt, and a /tmp of the size that was configured. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWorkerFixture, type WorkerFixture } from "./worker.fixture.ts";

let worker: WorkerFixture;
beforeAll(async () => {
  worker = await startWorkerFixture();
}, 60_000);
afterAll(() => worker.stop(), 60_000);

const MIB = 1024 * 1024;

const handler = (body: string): Record<string, string> => ({
  "index.mjs": `import fs from "node:fs";\nlet calls = 0;\nexport const handler = async (event) => { calls += 1; ${body} };\n`,
});

describe("layers", () => {
  it("are merged in their order at /opt, where nothing can be written", async () => {
    const target = await worker.deploy(
      handler(
        `const read = (name) => fs.readFileSync("/opt/" + name, "utf8");
        let refused; try { fs.writeFileSync("/opt/new", ""); } catch (error) { refused = error.code; }
        return [read("shared"), read("first"), read("second"), refused];`,
      ),
      {
        layers: [
          { shared: "first", first: "1" },
          { shared: "second", second: "2" },
        ],
      },
    );
    const answer = await worker.invoke(target, {});
    expect(JSON.parse(answer.payload)).toEqual(["second", "1", "2", "EROFS"]);
  });

  it("may bring the bootstrap of a custom runtime", async () => {
    const script = `#!/bin/sh
      api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime"
      while :; do
        id=$(curl -sS -D - -o /dev/null "$api/invocation/next" | tr -d '\\r' | sed -n 's/^Lambda-Runtime-Aws-Request-Id: //Ip')
        curl -sS -o /dev/null -d '"from a layer"' "$api/invocation/$id/response"
      done`;
    const target = await worker.deploy(
      { handler: "" },
      {
        runtime: "provided.al2023",
        layers: [{ bootstrap: { content: script, mode: 0o755 } }],
      },
    );
    expect((await worker.invoke(target, {})).payload).toBe('"from a layer"');
  });
});

describe("/tmp", () => {
  const free = `const { bavail, bsize } = fs.statfsSync("/tmp"); const freeMb = bavail * bsize / ${MIB};`;

  it.each([512, 1024, 10_240])("of %i MB is as large as that", async (ephemeralStorageMb) => {
    const target = await worker.deploy(handler(`${free} return freeMb;`), { ephemeralStorageMb });
    const freeMb = Number((await worker.invoke(target, {})).payload);
    expect(freeMb).toBeGreaterThanOrEqual(ephemeralStorageMb);
    expect(freeMb).toBeLessThan(ephemeralStorageMb + 2);
  });

  it("of another size than most is kept when the environment is reset", async () => {
    const target = await worker.deploy(
      handler(
        `if (event.crash) { fs.writeFileSync("/tmp/kept", "kept"); process.exit(1); }
        ${free} return { calls, kept: fs.readFileSync("/tmp/kept", "utf8"), large: freeMb > 900 };`,
      ),
      { ephemeralStorageMb: 1024 },
    );
    await worker.invoke(target, { crash: true });
    const next = await worker.invoke(target, {}, { warm: true });
    expect(JSON.parse(next.payload)).toEqual({ calls: 1, kept: "kept", large: true });
  });
});
