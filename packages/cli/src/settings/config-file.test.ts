import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readConfigFile } from "./config-file.ts";

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "paddock-config-"))));
afterEach(() => rmSync(directory, { recursive: true }));

function write(text: string): string {
  const path = join(directory, "paddock.config.json");
  writeFileSync(path, text);
  return path;
}

describe("paddock.config.json", () => {
  it("gives its settings, and takes the data directory from where it lies itself", () => {
    const path = write('{"port": 5000, "dataDirectory": "data"}');
    expect(readConfigFile(path)).toEqual({ port: 5000, dataDirectory: join(directory, "data") });
  });

  it("refuses a key that is no setting and names a similar one", () => {
    const path = write('{"accountConcurency": 100, "ports": 1}');
    expect(() => readConfigFile(path)).toThrow("accountConcurency is no setting.");
    expect(() => readConfigFile(write('{"ports": 1}'))).toThrow("Did you mean port?");
  });

  it.each(["{", "[]", "null", "5"])("refuses %s", (text) => {
    expect(() => readConfigFile(write(text))).toThrow(/is not valid JSON|one JSON object/);
  });

  it("is refused when it was named and does not exist", () => {
    expect(() => readConfigFile(join(directory, "other.json"))).toThrow("does not exist");
  });
});
