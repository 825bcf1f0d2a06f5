import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeEtc } from "./synthetic-etc.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "paddock-etc-"));
  mkdirSync(join(root, "host/ssl/certs"), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("the /etc of sandboxes", () => {
  it("has public certificates, and links as links", () => {
    writeFileSync(join(root, "host/ssl/certs/all.crt"), "certificates");
    symlinkSync("/usr/share/ca/one.crt", join(root, "host/ssl/certs/one.pem"));
    writeEtc(join(root, "etc"), { nameServer: undefined, source: join(root, "host") });
    expect(readFileSync(join(root, "etc/ssl/certs/all.crt"), "utf8")).toBe("certificates");
    expect(readlinkSync(join(root, "etc/ssl/certs/one.pem"))).toBe("/usr/share/ca/one.crt");
  });

  it("has nothing that only some users of the host may read, and no names of the host", () => {
    writeFileSync(join(root, "host/ssl/certs/private.pem"), "secret");
    chmodSync(join(root, "host/ssl/certs/private.pem"), 0o640);
    for (const name of ["shadow", "hostname", "hosts", "passwd", "machine-id"]) {
      writeFileSync(join(root, "host", name), "secret");
    }
    writeEtc(join(root, "etc"), { nameServer: undefined, source: join(root, "host") });
    expect(readdirSync(join(root, "etc/ssl/certs"))).toEqual([]);
    expect(readdirSync(join(root, "etc")).sort()).toEqual([
      "group",
      "hosts",
      "localtime",
      "nsswitch.conf",
      "os-release",
      "passwd",
      "resolv.conf",
      "ssl",
    ]);
    expect(readFileSync(join(root, "etc/passwd"), "utf8")).not.toContain("secret");
  });

  it("names the name server that sandboxes have, or one that refuses at once", () => {
    for (const [nameServer, named] of [
      ["169.254.100.5", "169.254.100.5"],
      [undefined, "127.0.0.1"],
    ]) {
      const target = join(root, `etc-${String(named)}`);
      writeEtc(target, { nameServer, source: join(root, "host") });
      expect(readFileSync(join(target, "resolv.conf"), "utf8")).toMatch(`nameserver ${named}\n`);
    }
  });
});
