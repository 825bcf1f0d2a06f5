import { mkdtemp, readdir, readFile, readlink, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { limits, type PaddockError } from "@paddock/contracts";
import { buildZip, type ZipEntry } from "@paddock/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { inspectZip } from "./inspect-zip.ts";
import { unpackZip } from "./unpack-zip.ts";

const UNZIP_ERROR =
  "Could not unzip uploaded file. Please check your file, then try to upload again.";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "archives-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function refusal(bytes: Uint8Array): Promise<PaddockError> {
  const directory = join(root, "code");
  const inspected: PaddockError = await inspectZip(bytes).then(
    () => expect.fail("it was accepted"),
    (error) => error,
  );
  const unpacked: PaddockError = await unpackZip(bytes, directory).then(
    () => expect.fail("it was unpacked"),
    (error) => error,
  );
  expect({ code: unpacked.code, message: unpacked.message }).toEqual({
    code: inspected.code,
    message: inspected.message,
  });
  return inspected;
}

describe("unpackZip", () => {
  it("writes files, directories and links as they are in the archive", async () => {
    const zip = await buildZip({
      "index.js": "exports.handler = 1",
      "bin/run": { content: "#!/bin/sh", mode: 0o700 },
      "lib/secret.txt": { content: "x", mode: 0o600 },
      "lib/current": { symlink: "../index.js" },
      "empty/": "",
    });
    const directory = join(root, "code");
    const summary = await unpackZip(zip, directory);
    expect(summary).toEqual({ entries: 7, unzippedBytes: 19 + 9 + 1 + 11 });
    expect(await inspectZip(zip)).toEqual(summary);
    expect(await readFile(join(directory, "lib/current"), "utf8")).toBe("exports.handler = 1");
    expect(await readlink(join(directory, "lib/current"))).toBe("../index.js");
    expect((await stat(join(directory, "bin/run"))).mode & 0o777).toBe(0o755);
    expect((await stat(join(directory, "lib/secret.txt"))).mode & 0o777).toBe(0o644);
    expect((await stat(join(directory, "empty"))).mode & 0o777).toBe(0o755);
  });

  it("gives the same modes under a strict umask", async () => {
    const before = process.umask(0o077);
    try {
      await unpackZip(await buildZip({ "a/b": "x" }), join(root, "code"));
    } finally {
      process.umask(before);
    }
    expect((await stat(join(root, "code"))).mode & 0o777).toBe(0o755);
    expect((await stat(join(root, "code/a"))).mode & 0o777).toBe(0o755);
    expect((await stat(join(root, "code/a/b"))).mode & 0o777).toBe(0o644);
  });

  it("writes many files of many sizes without losing any", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [
        `d${index % 7}/f${index}`,
        "x".repeat(index * 997),
      ]),
    );
    await unpackZip(await buildZip(files), join(root, "code"));
    for (const [name, content] of Object.entries(files)) {
      expect((await readFile(join(root, "code", name))).length).toBe(content.length);
    }
  });
});

describe("an archive is refused with AWS's text", () => {
  it("when it is no zip, empty, cut off or damaged", async () => {
    const zip = await buildZip({ "a.js": "x".repeat(100_000) });
    const damaged = Buffer.from(zip);
    damaged.fill(0xff, 40, 60);
    for (const bytes of [Buffer.from("not a zip at all"), zip.subarray(0, 80), damaged]) {
      expect(await refusal(bytes)).toMatchObject({
        code: "InvalidParameterValueException",
        message: UNZIP_ERROR,
      });
    }
    expect((await refusal(new Uint8Array())).message).toBe("Uploaded file must be a non-empty zip");
    expect((await refusal(await buildZip({}))).message).toBe(
      "Uploaded file must be a non-empty zip",
    );
  });

  it.each<[string, Record<string, ZipEntry>]>([
    ["a name leads out of it", { "../evil.js": "x" }],
    ["a name is absolute", { "/etc/evil": "x" }],
    ["a link leads out of it", { etc: { symlink: "../../etc" } }],
    ["a link is absolute", { etc: { symlink: "/etc" } }],
    ["a link leads out through another link", { d: { symlink: "." }, e: { symlink: "d/.." } }],
    ["a file lies below a link", { "d/x": "1", l: { symlink: "d" }, "l/evil": "x" }],
    ["a file lies below a file", { a: "1", "a/b": "2" }],
  ])("when %s", async (_why, files) => {
    expect((await refusal(await buildZip(files))).message).toBe(UNZIP_ERROR);
    expect(await readdir(root)).not.toContain("evil.js");
  });

  it("when it holds a device or is encrypted", async () => {
    const device = await buildZip({ dev: { content: "x", mode: 0o644 } });
    patchCentralDirectory(device, (entry) => {
      // External attributes: S_IFBLK instead of S_IFREG.
      device.writeUInt16LE(0o060644, entry + 40);
    });
    expect((await refusal(device)).message).toBe(UNZIP_ERROR);
    const encrypted = await buildZip({ a: "x" });
    patchCentralDirectory(encrypted, (entry) => encrypted.writeUInt16LE(1, entry + 8));
    expect((await refusal(encrypted)).message).toBe(UNZIP_ERROR);
  });

  it("when a file inflates to more than it declares", async () => {
    const bomb = await buildZip({ bomb: Buffer.alloc(20_000_000) });
    patchCentralDirectory(bomb, (entry) => bomb.writeUInt32LE(1000, entry + 24));
    const error = await refusal(bomb);
    expect(error.message).toBe(UNZIP_ERROR);
    expect(String(error.cause)).toContain("bomb");
  });

  it("when its files declare more than 250 MB together", async () => {
    const big = await buildZip({ a: "x", b: "x" });
    patchCentralDirectory(big, (entry) => big.writeUInt32LE(limits.unzippedCodeBytes, entry + 24));
    expect((await refusal(big)).message).toBe("Unzipped size must be smaller than 262144000 bytes");
  });

  it("when it is larger than 50 MB", async () => {
    const error = await refusal(new Uint8Array(limits.zippedCodeBytes + 1));
    expect(error.code).toBe("RequestEntityTooLargeException");
    expect(error.message).toBe("Zipped size must be smaller than 52428800 bytes");
  });
});

/** Calls `change` with the offset of each central directory header. */
function patchCentralDirectory(zip: Buffer, change: (entry: number) => void): void {
  const signature = Buffer.from("PK\x01\x02", "latin1");
  for (let at = zip.indexOf(signature); at !== -1; at = zip.indexOf(signature, at + 4)) change(at);
}
