/** What is left on the machine afterwards: nothing, whatever happened. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { countHostResources, type HostResources } from "../host/count-resources.ts";
import { workerName } from "../host/worker-name.ts";
import {
  makePlaces,
  type Places,
  processesWith,
  removePlaces,
  Sandboxes,
  standsStill,
  uniqueSleep,
  until,
} from "../sandboxes.fixture.ts";
import { createBubblewrapProvider } from "./open.ts";

const nothing = { processes: 0, mounts: 0, controlGroups: 0, loopDevices: 0 };
const opened: Places[] = [];

function places(): Places {
  const made = makePlaces();
  opened.push(made);
  return made;
}

afterEach(() => {
  for (const made of opened.splice(0)) removePlaces(made);
});

/** But for loop devices: how many scratches are kept ready follows demand. */
function heldBySandboxes(workerId: string): Omit<HostResources, "loopDevices"> {
  const { loopDevices: _ofScratches, ...held } = countHostResources(workerId);
  return held;
}

const descriptors = (): number => readdirSync("/proc/self/fd").length;

async function startWorker(of: Places): Promise<{ worker: ChildProcess; word: string }> {
  const worker = fork(join(import.meta.dirname, "../worker.fixture.ts"), [JSON.stringify(of)]);
  // Sent over the IPC channel, which therefore survived the change of namespace.
  const [message] = (await once(worker, "message")) as [{ word: string }];
  await until(() => processesWith(message.word) >= 2);
  return { worker, word: message.word };
}

async function freeze(worker: ChildProcess): Promise<void> {
  const answer = once(worker, "message");
  worker.send("freeze");
  expect(await answer).toContain("frozen");
}

/** Process ids of what thaws the sandboxes of these places' workers. */
function guardsOf({ workerId }: Places): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => commandLine(pid).includes("\0paddock-guard\0"))
    .filter((pid) => commandLine(pid).includes(`/${workerId}`));
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

describe("nothing is left", () => {
  it("of sandboxes that were destroyed, crashed or failed to start", async () => {
    const own = places();
    const provider = await createBubblewrapProvider(own);
    const sandboxes = new Sandboxes(provider);
    const scratch = await sandboxes.scratch();
    const rounds = async (count: number): Promise<void> => {
      for (let round = 0; round < count; round += 1) {
        const transport = round % 2 === 0 ? "channel" : "listener";
        const command = ["/bin/sleep", uniqueSleep()];
        const running = await sandboxes.start(command, { scratch, transport });
        await sandboxes.shell("(setsid sleep 1000 &); kill -9 $$", { scratch, transport });
        const missing = { task: "/no/such/code" };
        await expect(sandboxes.shell("true", { scratch, code: missing })).rejects.toThrow(
          "/no/such/code",
        );
        await running.destroy();
      }
    };
    // Afterwards there is one bind, of Node, that all sandboxes share, and networks and scratches are
    // ready as many as there will be.
    await rounds(3);
    const idle = heldBySandboxes(own.workerId);
    expect(await standsStill(descriptors)).toBe(true);
    const before = descriptors();
    await rounds(10);
    expect(heldBySandboxes(own.workerId)).toEqual(idle);
    await until(() => descriptors() === before);
    await provider.close();
    expect(countHostResources(own.workerId)).toEqual(nothing);
    expect(readdirSync(join(own.dataDirectory, "scratch"))).toEqual([]);
  });

  it("of a start that bubblewrap refuses, and its words are in the error", async () => {
    const own = places();
    const provider = await createBubblewrapProvider(own);
    const sandboxes = new Sandboxes(provider);
    const idle = heldBySandboxes(own.workerId);
    const refused = provider.create({
      sandboxId: "refused",
      command: ["/bin/true"],
      environment: { "A=B\0": "" },
      binds: [],
      scratch: await sandboxes.scratch(),
      limits: { memoryMb: 128, cpus: 1, processes: 10, openFiles: 100 },
      transport: "channel",
    });
    await expect(refused).rejects.toThrow("NUL");
    expect(heldBySandboxes(own.workerId)).toEqual(idle);
    await provider.close();
  });

  it("of scratches with deep, linked and unreadable contents, and links are not followed", async () => {
    const own = places();
    const provider = await createBubblewrapProvider(own);
    const sandboxes = new Sandboxes(provider);
    const outside = join(own.dataDirectory, "outside");
    mkdirSync(outside);
    const scratch = await provider.createScratch({ sizeMb: 512 });
    symlinkSync(outside, join(scratch.path, "link"));
    const deep =
      "const fs = require('fs'); process.chdir('/tmp'); for (let i = 0; i < 100; i += 1) { const name = 'd'.repeat(200); fs.mkdirSync(name); process.chdir(name); } fs.mkdirSync('/tmp/closed', 0);";
    expect((await sandboxes.node(deep, { scratch })).exitCode).toBe(0);
    await scratch.remove();
    expect(existsSync(outside)).toBe(true);
    await provider.close();
    expect(countHostResources(own.workerId)).toEqual(nothing);
  });

  it("of a worker that was closed", async () => {
    const { worker, word } = await startWorker(places());
    worker.send("close");
    expect(await once(worker, "exit")).toEqual([0, null]);
    expect(processesWith(word)).toBe(0);
  });

  it("of a frozen sandbox whose worker was killed", async () => {
    const { worker, word } = await startWorker(places());
    await freeze(worker);
    worker.kill("SIGKILL");
    expect(await once(worker, "exit")).toEqual([null, "SIGKILL"]);
    await until(() => processesWith(word) === 0);
  });

  it("of a frozen sandbox whose worker and guard were killed, once the next worker starts", async () => {
    const own = places();
    const { worker, word } = await startWorker(own);
    await freeze(worker);
    // Version 2 needs no guard: there, a frozen process can be killed.
    for (const guard of guardsOf(own)) process.kill(guard, "SIGKILL");
    worker.kill("SIGKILL");
    await once(worker, "exit");
    await until(() => guardsOf(own).length === 0);
    const provider = await createBubblewrapProvider({ ...own, workerId: `${own.workerId}-next` });
    expect(processesWith(word)).toBe(0);
    expect(countHostResources(own.workerId)).toEqual(nothing);
    await provider.close();
    expect(guardsOf(own)).toEqual([]);
  });

  it("of a worker that was killed, once the next worker starts", async () => {
    const own = places();
    const { worker, word } = await startWorker(own);
    expect(readlinkSync(`/proc/${worker.pid}/ns/mnt`)).not.toBe(readlinkSync("/proc/self/ns/mnt"));
    expect(readFileSync("/proc/self/mountinfo", "utf8")).not.toContain(`/${own.workerId}.`);
    const scratches = join(own.dataDirectory, "scratch");
    expect(readdirSync(scratches)).toHaveLength(1);
    expect(countHostResources(own.workerId).loopDevices).toBeGreaterThan(0);
    worker.kill("SIGKILL");
    await once(worker, "exit");
    await until(() => processesWith(word) === 0);
    // The kernel's own doing, as the last process ends.
    await until(() => countHostResources(own.workerId).loopDevices === 0);
    const next = { ...own, workerId: `${own.workerId}-next` };
    const provider = await createBubblewrapProvider(next);
    expect(countHostResources(own.workerId)).toEqual(nothing);
    expect(readdirSync(scratches)).toEqual([workerName(next.workerId)]);
    expect(
      readdirSync("/run/paddock").filter((name) => name.startsWith(`${own.workerId}.`)),
    ).toEqual([]);
    await provider.close();
  });
});
