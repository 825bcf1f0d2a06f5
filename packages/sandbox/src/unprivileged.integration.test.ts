/**
 * A worker of an ordinary user: with control groups that root gave it, every limit is in force and
 * nothing is left; without, it is refused and told what to type.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdirSync, readdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { readHierarchies } from "./control-groups/open.ts";
import { missing } from "./gvisor/installed.fixture.ts";
import { makePlaces, type Places, removePlaces } from "./sandboxes.fixture.ts";

const user = 54_321;
const v1 = ["memory", "cpu", "pids", "freezer"].flatMap((name) => {
  const hierarchy = readHierarchies().v1.get(name);
  return hierarchy === undefined ? [] : [hierarchy.mountPoint];
});
const groups = v1.map((mountPoint) => join(mountPoint, `paddock-test-${process.pid}`));
const workers: ChildProcess[] = [];

// Also where a test failed: a worker that lives keeps the test process waiting.
afterEach(() => {
  for (const worker of workers.splice(0)) worker.kill("SIGKILL");
  for (const group of groups) if (existsSync(group)) rmdirSync(group);
});

function placesOfUser(): Places {
  const places = makePlaces();
  mkdirSync(places.codeDirectory);
  for (const path of [places.dataDirectory, places.codeDirectory]) chownSync(path, user, user);
  return places;
}

/** As `su` would: in the groups that the shell was put into, with nothing of root's. */
function start(places: Places, isolation: string): ChildProcess {
  const fixture = join(import.meta.dirname, "unprivileged-worker.fixture.ts");
  const enter = existsSync(groups[0] ?? "")
    ? 'for g in "$@"; do echo 0 > "$g/cgroup.procs"; done;'
    : "";
  const drop = `exec setpriv --reuid ${user} --regid ${user} --clear-groups --inh-caps=-all`;
  const script = `${enter} ${drop} ${process.execPath} "${fixture}" '${JSON.stringify(places)}' ${isolation}`;
  const worker = spawn("/bin/sh", ["-c", script, "sh", ...groups], {
    cwd: "/",
    env: { PATH: process.env["PATH"] },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  workers.push(worker);
  return worker;
}

function giveGroups(): void {
  for (const group of groups) {
    mkdirSync(group);
    execFileSync("chown", ["-R", String(user), group]);
  }
}

describe("a worker of an ordinary user", () => {
  // Version 2's controllers are not to be had where version 1 holds them.
  const cases = ["bubblewrap", "gvisor"].map((isolation) => {
    const reasons = [
      ...(v1.length === 4 ? [] : ["needs control groups v1"]),
      ...(isolation === "gvisor" && missing !== undefined ? [missing] : []),
    ];
    return { isolation, reason: reasons.join(", ") };
  });

  // The reason, where there is one, is in the name.
  it.for(cases)(
    "with control groups of its own enforces every limit: $isolation $reason",
    async ({ isolation, reason }, context) => {
      if (reason !== "") return context.skip(reason);
      giveGroups();
      const places = placesOfUser();
      const worker = start(places, isolation);
      let said = "";
      worker.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
      const message = once(worker, "message").then(([sent]) => sent as Record<string, unknown>);
      const ended = once(worker, "close").then(([code]) => `ended with ${String(code)}: ${said}`);
      expect(await Promise.race([message, ended])).toMatchObject({
        isolation,
        features: expect.arrayContaining([
          "cgroup v1: memory, cpu, pids, freezer",
          "one host user for all environments",
        ]),
        ...{ outOfMemory: true, signal: "SIGKILL", called: "hi\n", code: "up\nlate code" },
        started: expect.toSatisfy((count: number) => count > 10 && count < 80),
      });
      expect(await ended).toBe("ended with 0: ");
      for (const group of groups) {
        expect(readdirSync(group, { withFileTypes: true }).filter((e) => e.isDirectory())).toEqual(
          [],
        );
      }
      removePlaces(places);
    },
  );

  it("without control groups of its own is refused, and told what to type", async () => {
    const places = placesOfUser();
    const worker = start(places, "bubblewrap");
    let said = "";
    worker.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const [code] = await once(worker, "close");
    expect(code).not.toBe(0);
    expect(said).toContain("sudo sh -c '");
    expect(said).toContain(`chown -R ${user} `);
    removePlaces(places);
  });

  // Version 2 has a command of its own, which needs controllers that version 1 does not hold.
  it.skipIf(v1.length !== 4)("may start once that was typed", async () => {
    const places = placesOfUser();
    const refused = start(places, "bubblewrap");
    let said = "";
    refused.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
    await once(refused, "close");
    // As printed, but for `sudo`, and for the name of the group.
    const typed = /sudo (sh -c '.*; done')/.exec(said)?.[1]?.replaceAll("/user-", "/paddock-test-");
    const group = `paddock-test-${user}`;
    const groupsThere = v1.map((mountPoint) => join(mountPoint, group));
    const fixture = join(import.meta.dirname, "unprivileged-worker.fixture.ts");
    const drop = `setpriv --reuid ${user} --regid ${user} --clear-groups --inh-caps=-all`;
    const script = `${typed}; exec ${drop} ${process.execPath} "${fixture}" '${JSON.stringify(places)}'`;
    const worker = spawn("/bin/sh", ["-c", script], {
      cwd: "/",
      env: { PATH: process.env["PATH"] },
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    workers.push(worker);
    const [message] = await once(worker, "message");
    expect(message).toMatchObject({ outOfMemory: true });
    await once(worker, "close");
    for (const directory of groupsThere) rmdirSync(directory);
    removePlaces(places);
  });
});
