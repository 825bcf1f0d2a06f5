import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findBootstrap, invalidEntrypointPayload } from "./entrypoint.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), "paddock-entrypoint-"));
  mkdirSync(path.join(root, "task", "bin"), { recursive: true });
  mkdirSync(path.join(root, "opt"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const program = (name: string, mode = 0o755) => {
  writeFileSync(path.join(root, name), "#!/bin/sh\n");
  chmodSync(path.join(root, name), mode);
};
const find = () => findBootstrap({ task: path.join(root, "task"), opt: path.join(root, "opt") });

describe("the bootstrap of a provided runtime", () => {
  it("is the function's own before a layer's", () => {
    program("task/bootstrap");
    program("opt/bootstrap");
    expect(find()).toBe("/var/task/bootstrap");
  });

  it("may come from a layer, also when the function's is not executable", () => {
    program("task/bootstrap", 0o644);
    program("opt/bootstrap");
    expect(find()).toBe("/opt/bootstrap");
  });

  it("may be a link, seen from inside the sandbox", () => {
    program("opt/run");
    symlinkSync("/opt/run", path.join(root, "task/bootstrap"));
    expect(find()).toBe("/var/task/bootstrap");
  });

  it.each([
    ["out of the code", "/bin/sh"],
    ["up and out", "../../../../bin/sh"],
    ["to itself", "bootstrap"],
    ["to nothing", "gone"],
    ["to a folder", "bin"],
  ])("is not found when it links %s", (_name, target) => {
    symlinkSync(target, path.join(root, "task/bootstrap"));
    expect(find()).toBeUndefined();
  });

  it("is not found through a linked folder, which may lead anywhere on the host", () => {
    symlinkSync("/bin", path.join(root, "task/linked"));
    symlinkSync("linked/sh", path.join(root, "task/bootstrap"));
    expect(find()).toBeUndefined();
  });

  it("that is missing gives AWS's error", () => {
    expect(find()).toBeUndefined();
    expect(JSON.parse(Buffer.from(invalidEntrypointPayload("id")).toString())).toEqual({
      errorType: "Runtime.InvalidEntrypoint",
      errorMessage:
        "RequestId: id Error: Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]",
    });
  });
});
