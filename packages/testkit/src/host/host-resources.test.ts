import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { eventually } from "../eventually.ts";
import { descendantsOf, mountsMentioning, processesMentioning } from "./host-resources.ts";

describe("processes", () => {
  it("are found below another one, grandchildren too, and by their command line", async () => {
    const mark = `mark-${process.pid}-${Date.now()}`;
    const child = spawn("sh", ["-c", `sleep 60 & : ${mark}; wait`], { detached: true });
    const { pid = 0 } = child;
    await eventually(async () => expect(await descendantsOf(pid)).toHaveLength(1));
    expect(await descendantsOf(process.pid)).toEqual(expect.arrayContaining([pid]));
    expect(await processesMentioning(mark)).toEqual([pid]);
    process.kill(-pid, "SIGKILL");
    await eventually(async () => expect(await processesMentioning(mark)).toEqual([]));
  });
});

describe("mounts", () => {
  it("are found by a part of their path", async () => {
    expect((await mountsMentioning(" /proc ")).length).toBeGreaterThan(0);
    expect(await mountsMentioning("/no/such/mount")).toEqual([]);
    const own = (await readFile("/proc/self/mountinfo", "utf8")).trim().split("\n");
    expect(await mountsMentioning("")).toEqual(expect.arrayContaining(own));
  });
});
