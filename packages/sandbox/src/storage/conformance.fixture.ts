/**
 * What /tmp is in every implementation of the sandbox port that bounds it. Where one does not,
 * `unbounded` says why, and those tests are left out with this reason in their names.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { SandboxProvider } from "../port.ts";
import { makePlaces, type Places, removePlaces, Sandboxes } from "../sandboxes.fixture.ts";

export interface StorageImplementation {
  readonly name: string;
  readonly open: (places: Places) => Promise<SandboxProvider>;
  readonly unbounded?: string;
  /** Why what is in /tmp counts as the function's memory. */
  readonly inMemory?: string;
  /** Why a sandbox that runs cannot be shown another file system. */
  readonly keeps?: string;
  /** Devices inside are the implementation's own, whatever a mount says about the host's. */
  readonly hasOwnDevices?: boolean;
  /** Why this machine cannot have the implementation. */
  readonly missing?: string | undefined;
}

const MIB = 1024 * 1024;

/** Writes files of `bytes` each until it is refused; prints how many bytes and which error. */
const writeUntilRefused = (bytes: number): string => `
  const fs = require("fs");
  const data = Buffer.alloc(${bytes}, 1);
  let written = 0;
  try {
    for (let i = 0; ; i += 1) {
      const file = fs.openSync(process.env.TMP + "/" + i, "w");
      for (let at = 0; at < data.length;) {
        const count = fs.writeSync(file, data, at);
        at += count;
        written += count;
      }
      fs.closeSync(file);
    }
  } catch (error) {
    console.log(JSON.stringify({ written, files: fs.readdirSync(process.env.TMP).length, code: error.code }));
  }`;

const printFree =
  "const { statfsSync } = require('fs'); const { bavail, bsize } = statfsSync(process.env.TMP); console.log(bavail * bsize);";

export function describeStorage({
  name,
  open,
  missing,
  hasOwnDevices = false,
  ...cannot
}: StorageImplementation): void {
  const reason = missing === undefined ? "" : ` (${missing})`;
  describe.skipIf(missing !== undefined)(`storage: ${name}${reason}`, () => {
    const places = makePlaces();
    let provider: SandboxProvider;
    let sandboxes: Sandboxes;

    beforeAll(async () => {
      provider = await open(places);
      sandboxes = new Sandboxes(provider);
    });
    afterEach(() => sandboxes.cleanUp());
    afterAll(async () => {
      await provider.close();
      removePlaces(places);
    });

    it("refuses sizes that no function may have", async () => {
      for (const sizeMb of [0, -1, 1.5, 10_241, Number.NaN]) {
        await expect(provider.createScratch({ sizeMb })).rejects.toThrow("1–10240");
      }
    });

    describe.skipIf(cannot.unbounded !== undefined)(`bounds${cannot.unbounded ?? ""}`, () => {
      it.each([16, 512])("what may be written to %i MB: ENOSPC beyond", async (sizeMb) => {
        const scratch = await sandboxes.scratch(sizeMb);
        const limits = { memoryMb: 1024 };
        const ran = await sandboxes.node(writeUntilRefused(MIB), { scratch, limits });
        const { written, code } = JSON.parse(ran.stdout);
        expect(code).toBe("ENOSPC");
        expect(written).toBeGreaterThan((sizeMb - 1) * MIB);
        expect(written).toBeLessThanOrEqual((sizeMb + 1) * MIB);
      });

      it("the number of files: ENOSPC beyond", async () => {
        const scratch = await sandboxes.scratch(16);
        const ran = await sandboxes.node(writeUntilRefused(0), { scratch });
        const { code, files } = JSON.parse(ran.stdout);
        expect(code).toBe("ENOSPC");
        expect(files).toBeGreaterThan(1000);
        expect(files).toBeLessThanOrEqual(1100);
      });

      it.each([512, 1024, 10_240])("and tells %i MB as free", async (sizeMb) => {
        const scratch = await sandboxes.scratch(sizeMb);
        const free = Number((await sandboxes.node(printFree, { scratch })).stdout);
        expect(free / MIB).toBeGreaterThanOrEqual(sizeMb);
        expect(free / MIB).toBeLessThanOrEqual(sizeMb + 1);
      });

      it("and has room again when files are deleted", async () => {
        const scratch = await sandboxes.scratch(16);
        const again = `${writeUntilRefused(MIB)} for (const name of fs.readdirSync(process.env.TMP)) fs.unlinkSync(process.env.TMP + "/" + name);`;
        const first = await sandboxes.node(again, { scratch });
        expect((await sandboxes.node(again, { scratch })).stdout).toBe(first.stdout);
      });

      it("nobody's use of it: open to all, and sticky", async () => {
        expect((await sandboxes.shell('ls -A "$TMP"; stat -c %a "$TMP"')).stdout).toBe("1777\n");
      });

      it("and takes no devices and no set-user-id programs", async () => {
        const script = "grep ' /tmp ' /proc/self/mountinfo";
        const options = (await sandboxes.shell(script)).stdout.split(" ")[5]?.split(",");
        const expected = hasOwnDevices ? ["rw", "nosuid"] : ["rw", "nosuid", "nodev"];
        expect(options).toEqual(expect.arrayContaining(expected));
      });
    });

    it.skipIf(cannot.unbounded !== undefined || cannot.inMemory !== undefined)(
      `takes far more than the function's memory, and gives it back${cannot.unbounded ?? cannot.inMemory ?? ""}`,
      async () => {
        const script = `
          dd if=/dev/zero bs=1M count=400 2>/dev/null | tr '\\0' x > "$TMP/large" || exit 3
          wc -c < "$TMP/large"; tr -d x < "$TMP/large" | wc -c`;
        const scratch = await sandboxes.scratch(512);
        const ran = await sandboxes.shell(script, { scratch, limits: { memoryMb: 128 } });
        expect(ran).toMatchObject({ exitCode: 0, outOfMemory: false });
        expect(ran.stdout).toBe(`${400 * MIB}\n0\n`);
      },
    );

    it.skipIf(cannot.keeps === undefined)(
      `says that it cannot get another size while a sandbox shows it${cannot.keeps ?? ""}`,
      async () => {
        const scratch = await sandboxes.scratch(512);
        const sandbox = await sandboxes.startShell("echo up; sleep 60", { scratch });
        await sandboxes.printed(sandbox, "up");
        expect(await scratch.resize(1024)).toBe(false);
        expect(scratch.sizeMb).toBe(512);
        await sandbox.destroy();
        expect(await scratch.resize(1024)).toBe(true);
      },
    );

    it.skipIf(cannot.unbounded !== undefined || cannot.keeps !== undefined)(
      `gets another size while a sandbox shows it${cannot.unbounded ?? cannot.keeps ?? ""}`,
      async () => {
        const scratch = await sandboxes.scratch(512);
        const free = 'df -m --output=avail "$TMP" | tail -n 1';
        const script = `echo up; while [ $(${free}) -lt 1000 ]; do sleep 0.01; done; echo kept > "$TMP/file"`;
        const sandbox = await sandboxes.startShell(script, { scratch });
        await sandboxes.printed(sandbox, "up");
        await scratch.resize(1024);
        expect(scratch.sizeMb).toBe(1024);
        expect((await sandboxes.finish(sandbox)).exitCode).toBe(0);
        // The next sandbox of the environment has the same one, and is the same user there.
        const next = await sandboxes.shell('cat "$TMP/file"; echo changed > "$TMP/file"', {
          scratch,
        });
        expect(next).toMatchObject({ exitCode: 0, stdout: "kept\n" });
      },
    );
  });
}
