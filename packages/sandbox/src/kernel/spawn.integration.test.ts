/** Programs that are started without a fork, as the kernel shows them. */
import { existsSync, openSync, closeSync } from "node:fs";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { type DescriptorPlan, type Program, spawnProgram } from "./spawn.ts";

const started: Program[] = [];
afterEach(async () => {
  for (const program of started.splice(0)) {
    program.kill();
    await program.ended;
  }
});

const pairs = new Map<number, DescriptorPlan>([
  [1, "pair"],
  [4, "pair"],
]);

/** A shell script; descriptor 4 stays open until it ends. */
function shell(script: string, more: readonly [number, DescriptorPlan][] = []): Program {
  const program = spawnProgram({
    command: ["/bin/sh", "-c", script],
    directory: "/usr",
    descriptors: new Map([...pairs, ...more]),
    openUntilEnd: 4,
  });
  program.stream(4).resume();
  started.push(program);
  return program;
}

describe("a program", () => {
  it("has the directory and the descriptors that it was given, no other, and no environment", async () => {
    const unasked = openSync("/dev/null", "r");
    const program = shell("pwd; ls /proc/self/fd; tr -d '\\\\0' < /proc/$$/environ", [
      [7, unasked],
    ]);
    const lines = (await text(program.stream(1))).trim().split("\n");
    // ls opens the directory itself as the lowest number that is free.
    expect(lines).toEqual(["/usr", "0", "1", "4", "7"]);
    closeSync(unasked);
  });

  it("gets what is written to it, and is ended by the end of that", async () => {
    const program = shell("cat <&5", [[5, "pair"]]);
    program.stream(5).end("as it was");
    expect(await text(program.stream(1))).toBe("as it was");
    expect(await program.ended).toEqual({ code: 0, signal: null });
  });

  it.each([
    ["exit 7", { code: 7, signal: null }],
    ["kill -TERM $$", { code: null, signal: "SIGTERM" }],
  ])("that ends by `%s` says so, and nothing of it is left", async (script, exit) => {
    const program = shell(script);
    expect(await program.ended).toEqual(exit);
    expect(existsSync(`/proc/${program.pid}`)).toBe(false);
  });

  it("can be killed, and killing it again meets nobody", async () => {
    const program = shell("sleep 60");
    program.kill();
    expect(await program.ended).toEqual({ code: null, signal: "SIGKILL" });
    expect(() => program.kill()).not.toThrow();
  });

  it("has no signal ignored or blocked, whatever the worker ignores", async () => {
    const program = shell("grep -E 'SigBlk|SigIgn' /proc/self/status");
    const masks = (await text(program.stream(1))).match(/[0-9a-f]{16}/g);
    expect(masks).toEqual(["0".repeat(16), "0".repeat(16)]);
  });

  it("that does not exist is said at once, and leaves no descriptor", () => {
    const plan = { directory: "/", descriptors: pairs, openUntilEnd: 4 };
    const start = (): Program => spawnProgram({ ...plan, command: ["/no/such/program"] });
    expect(start).toThrow("cannot start /no/such/program: ENOENT");
  });
});
