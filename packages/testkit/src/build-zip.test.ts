import { inflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { buildZip } from "./build-zip.ts";

describe("buildZip", () => {
  it("gives the same bytes for the same files", async () => {
    const files = { "index.mjs": "export const handler = () => 1;", "lib/": "" };
    expect(await buildZip(files)).toEqual(await buildZip(files));
  });

  it("keeps content, mode and links", async () => {
    const zip = await buildZip({
      "index.js": "x".repeat(100),
      bootstrap: { content: "#!/bin/sh\n", mode: 0o755 },
      link: { symlink: "/etc/passwd" },
    });
    const entries = centralDirectory(zip);
    expect(entries.map(({ path, mode }) => [path, mode.toString(8)])).toEqual([
      ["index.js", "100644"],
      ["bootstrap", "100755"],
      ["link", "120777"],
    ]);
    const [index] = entries;
    const dataAt = 30 + "index.js".length;
    const data = zip.subarray(dataAt, dataAt + (index?.compressedBytes ?? 0));
    expect(inflateRawSync(data).toString()).toBe("x".repeat(100));
  });

  it("writes paths that honest tools refuse", async () => {
    const paths = ["../../etc/cron.d/x", "/absolute", "a\\b", "up/../../y"];
    const zip = await buildZip(Object.fromEntries(paths.map((path) => [path, "x"])));
    expect(centralDirectory(zip).map(({ path }) => path)).toEqual(paths);
  });
});

function centralDirectory(zip: Buffer) {
  const end = zip.lastIndexOf(Buffer.from("PK\u0005\u0006", "latin1"));
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  return Array.from({ length: count }, () => {
    const nameBytes = zip.readUInt16LE(at + 28);
    const entry = {
      path: zip.toString("utf8", at + 46, at + 46 + nameBytes),
      mode: zip.readUInt32LE(at + 38) >>> 16,
      compressedBytes: zip.readUInt32LE(at + 20),
    };
    at += 46 + nameBytes + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    return entry;
  });
}
