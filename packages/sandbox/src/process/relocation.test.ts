import { describe, expect, it } from "vitest";
import { Relocation } from "./relocation.ts";

const paths = { task: "/data/a/task", opt: "/data/a/opt", tmp: "/data/tmp-1" };
const binds = [{ source: "/usr/lib/node", target: "/var/lang" }];
const relocation = new Relocation(binds, paths, undefined);

describe("paths without a mount namespace", () => {
  it("that a command expects become the host's, whole names only", () => {
    expect(relocation.path("/var/lang/bin/node")).toBe("/usr/lib/node/bin/node");
    expect(relocation.path("/var/task")).toBe("/data/a/task");
    expect(relocation.path("/var/taskforce")).toBe("/var/taskforce");
    expect(relocation.path("index.handler")).toBe("index.handler");
  });

  it("in variables are replaced part by part, and other values are left alone", () => {
    expect(
      relocation.environment({
        PATH: "/var/lang/bin:/usr/bin:/opt/bin",
        NAME: "a:/tmp",
        T: "/tmp",
      }),
    ).toEqual({
      PATH: "/usr/lib/node/bin:/usr/bin:/data/a/opt/bin",
      NAME: "a:/tmp",
      T: "/data/tmp-1",
    });
  });
});
