/** EphemeralStorage through the AWS API: configured, had by the function, kept, changed, given back. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  DeleteFunctionCommand,
  GetFunctionConfigurationCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { eventually, startPaddock, type TestPaddock } from "@paddock/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLambdaUser, type LambdaUser } from "../support/lambda-user.ts";

const MIB = 1024 * 1024;
let paddock: TestPaddock;
let user: LambdaUser;

beforeAll(async () => {
  paddock = await startPaddock();
  user = createLambdaUser(paddock.access);
});
afterAll(() => paddock.stop());

/** Writes `event.writeMb`, and tells what is free, what was there before, and how often it ran. */
const files = {
  "index.mjs": `
    import fs from "node:fs";
    let calls = 0;
    export const handler = async ({ writeMb = 0, crash = false }) => {
      calls += 1;
      const before = fs.readdirSync("/tmp");
      if (writeMb > 0) {
        const file = fs.openSync("/tmp/file-" + before.length, "w");
        for (let i = 0; i < writeMb; i += 1) fs.writeSync(file, Buffer.alloc(${MIB}, i));
        fs.closeSync(file);
      }
      if (crash) process.exit(1);
      const { bavail, bsize } = fs.statfsSync("/tmp");
      return { calls, before: before.length, freeMb: Math.floor(bavail * bsize / ${MIB}) };
    };`,
};

/** What the images of all environments take on the disk. */
function imagesMb(): number {
  const root = join(paddock.access.dataDirectory, "worker", "scratch");
  const images = readdirSync(root).flatMap((worker) =>
    readdirSync(join(root, worker)).map((name) => join(root, worker, name)),
  );
  const blocks = images.map((path) => statSync(path, { throwIfNoEntry: false })?.blocks ?? 0);
  return (blocks.reduce((sum, count) => sum + count, 0) * 512) / MIB;
}

describe("EphemeralStorage={Size=1024}", () => {
  it("is what a function of 128 MB has in /tmp, through crashes, and until its end", async () => {
    const name = await user.createFunction({
      files,
      MemorySize: 128,
      Timeout: 60,
      EphemeralStorage: { Size: 1024 },
    });
    const get = new GetFunctionConfigurationCommand({ FunctionName: name });
    expect((await user.client.send(get)).EphemeralStorage).toEqual({ Size: 1024 });
    expect((await user.invoke(name)).json).toEqual({ calls: 1, before: 0, freeMb: 1024 });
    const written = await user.invoke(name, { writeMb: 700 });
    expect(written.json).toMatchObject({ calls: 2, before: 0 });
    expect(written.json.freeMb).toBeLessThan(1024 - 700 + 10);
    expect((await user.invoke(name, { crash: true })).functionError).toBe("Unhandled");
    // Globals are lost with the process, and /tmp is not.
    expect((await user.invoke(name)).json).toMatchObject({ calls: 1, before: 1 });
    await user.client.send(new DeleteFunctionCommand({ FunctionName: name }));
    await eventually(() => expect(imagesMb()).toBeLessThan(100), { timeoutMs: 30_000 });
  });

  it("can be changed: the next environment has the new size, and an empty /tmp", async () => {
    const name = await user.createFunction({ files, EphemeralStorage: { Size: 1024 } });
    expect((await user.invoke(name, { writeMb: 1 })).json.calls).toBe(1);
    await user.client.send(
      new UpdateFunctionConfigurationCommand({
        FunctionName: name,
        EphemeralStorage: { Size: 3000 },
      }),
    );
    await eventually(async () => {
      expect((await user.invoke(name)).json).toMatchObject({ before: 0, freeMb: 3000 });
    });
  });
});
