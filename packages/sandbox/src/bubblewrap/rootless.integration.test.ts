/**
 * A worker in a user namespace, which is what an ordinary user has: it may mount and make networks,
 * but has one user id and cannot come back into the host's network. Control groups are root's on
 * this machine, so that the namespace maps root itself.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { makePlaces, processesWith, removePlaces, until } from "../sandboxes.fixture.ts";

const workers: ChildProcess[] = [];
// Also where a test failed: a worker that lives keeps the test process waiting.
afterEach(() => {
  for (const worker of workers.splice(0)) worker.kill("SIGKILL");
});

describe("a worker in a user namespace", () => {
  it("makes sandboxes with a listener, and says that they share one host user", async () => {
    const places = makePlaces();
    const fixture = join(import.meta.dirname, "../worker.fixture.ts");
    const enter = ["--user", "--map-root-user", "--mount", "--"];
    const command = [...enter, process.execPath, fixture, JSON.stringify(places)];
    const worker = spawn("/usr/bin/unshare", command, {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    workers.push(worker);
    const [message] = (await once(worker, "message")) as [{ word: string; features: string[] }];
    expect(message.features).toContain("one host user for all environments");
    await until(() => processesWith(message.word) > 0);
    worker.send("close");
    expect(await once(worker, "exit")).toEqual([0, null]);
    expect(processesWith(message.word)).toBe(0);
    removePlaces(places);
  });
});
