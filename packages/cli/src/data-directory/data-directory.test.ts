import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dataPaths, openDataDirectory } from "./data-directory.ts";
import { lockDataDirectory } from "./lock.ts";
import { identify, isAlive } from "./process-identity.ts";
import { openSecrets } from "./secrets.ts";

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "paddock-data-"))));
afterEach(() => rmSync(directory, { recursive: true }));

describe("a data directory", () => {
  it("is made where there is none, and opened again", () => {
    const fresh = join(directory, "a", "b");
    openDataDirectory(fresh);
    openDataDirectory(fresh);
    expect(JSON.parse(readFileSync(dataPaths.version(fresh), "utf8"))).toMatchObject({ format: 1 });
  });

  it("of a newer Paddock is refused and left alone", () => {
    const newer = '{"format":2,"writtenBy":"9.1.0"}';
    writeFileSync(dataPaths.version(directory), newer);
    expect(() => openDataDirectory(directory)).toThrow(
      "written by a newer Paddock (9.1.0, format 2)",
    );
    expect(readFileSync(dataPaths.version(directory), "utf8")).toBe(newer);
  });

  it("is not made of a directory that holds something else", () => {
    writeFileSync(join(directory, "thesis.txt"), "");
    expect(() => openDataDirectory(directory)).toThrow("not a data directory of Paddock");
  });

  it("is refused when its version file is broken", () => {
    writeFileSync(dataPaths.version(directory), "{");
    expect(() => openDataDirectory(directory)).toThrow("version.json cannot be read");
  });
});

describe("the lock", () => {
  it("is refused to a second one, by name of the first, and free after its release", () => {
    const lock = lockDataDirectory(directory);
    expect(() => lockDataDirectory(directory)).toThrow(
      `already runs with the data directory ${directory} (process ${process.pid})`,
    );
    lock.release();
    lockDataDirectory(directory).release();
  });

  it("is taken over from a process that is gone, whoever has its number now", () => {
    const gone = JSON.stringify({ pid: process.pid, startTicks: "1" });
    writeFileSync(dataPaths.lock(directory), gone);
    lockDataDirectory(directory);
    expect(readFileSync(dataPaths.lock(directory), "utf8")).not.toBe(gone);
  });

  it("is taken over when it cannot be read", () => {
    writeFileSync(dataPaths.lock(directory), "");
    lockDataDirectory(directory);
    expect(readFileSync(dataPaths.lock(directory), "utf8")).toContain(String(process.pid));
  });
});

describe("secrets", () => {
  it("are made once, for this user only, and kept", () => {
    const secrets = openSecrets(directory);
    expect(secrets.rootAccessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/);
    expect(secrets.rootSecretAccessKey).toHaveLength(40);
    expect(statSync(dataPaths.secrets(directory)).mode & 0o777).toBe(0o600);
    expect(openSecrets(directory)).toEqual(secrets);
  });

  it("that cannot be read are not replaced", () => {
    writeFileSync(dataPaths.secrets(directory), "{");
    expect(() => openSecrets(directory)).toThrow("cannot be read");
    expect(readFileSync(dataPaths.secrets(directory), "utf8")).toBe("{");
  });
});

describe("a process's identity", () => {
  it("ends with the process", async () => {
    const child = spawn("sleep", ["60"]);
    await once(child, "spawn");
    const identity = identify(child.pid ?? 0);
    expect(isAlive(identity)).toBe(true);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(isAlive(identity)).toBe(false);
  });
});
