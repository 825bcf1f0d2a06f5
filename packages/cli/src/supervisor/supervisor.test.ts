import { describe, expect, it } from "vitest";
import type { ManagedProcess } from "./managed-process.ts";
import { Supervisor, type SupervisorEvents } from "./supervisor.ts";

/** Processes that only note what happens to them. */
function stage() {
  const notes: string[] = [];
  const exits = new Map<string, (reason: string) => void>();
  const note =
    (what: string) =>
    ({ name }: ManagedProcess) =>
      void notes.push(`${name} ${what}`);
  const restarted = Promise.withResolvers<void>();
  const events: SupervisorEvents = {
    started: note("started"),
    died: note("died"),
    restarted: (process) => {
      note("restarted")(process);
      restarted.resolve();
    },
    stopped: note("stopped"),
  };
  const actor = (
    name: string,
    after: readonly string[],
    stopWave: number,
    begin: (signal: AbortSignal) => Promise<void> = async () => undefined,
  ): ManagedProcess => ({
    name,
    title: name,
    after,
    stopWave,
    start: async (onExit, signal) => {
      notes.push(`${name} begun`);
      await begin(signal);
      exits.set(name, onExit);
      return { pid: 1, stop: async () => void notes.push(`${name} ended`), kill: () => undefined };
    },
  });
  return { notes, exits, events, actor, restarted: restarted.promise };
}

describe("a supervisor", () => {
  it("begins a process only when those before it are ready", async () => {
    const { notes, events, actor } = stage();
    await new Supervisor([actor("bus", [], 2), actor("router", ["bus"], 1)], events).start();
    expect(notes).toEqual(["bus begun", "bus started", "router begun", "router started"]);
  });

  it("stops in waves, the lowest first", async () => {
    const { notes, events, actor } = stage();
    const supervisor = new Supervisor([actor("bus", [], 9), actor("router", ["bus"], 1)], events);
    await supervisor.start();
    notes.length = 0;
    await supervisor.stop();
    expect(notes).toEqual(["router ended", "router stopped", "bus ended", "bus stopped"]);
  });

  it("fails with the first failure, and then stops what had started", async () => {
    const { notes, events, actor } = stage();
    const broken = actor("router", ["bus"], 1, () => Promise.reject(new Error("no memory")));
    const supervisor = new Supervisor([actor("bus", [], 9), broken], events);
    await expect(supervisor.start()).rejects.toThrow("no memory");
    await supervisor.stop();
    expect(notes).toContain("bus stopped");
  });

  it("starts a process again that dies, and says so", async () => {
    const { notes, exits, events, actor, restarted } = stage();
    const supervisor = new Supervisor([actor("bus", [], 1)], events);
    await supervisor.start();
    exits.get("bus")?.("it was ended by SIGKILL");
    await restarted;
    expect(notes).toEqual(["bus begun", "bus started", "bus died", "bus begun", "bus restarted"]);
    await supervisor.stop();
  });

  it("does not start a process again that dies while everything stops", async () => {
    const { notes, exits, events, actor } = stage();
    const supervisor = new Supervisor([actor("bus", [], 1)], events);
    await supervisor.start();
    const stopped = supervisor.stop();
    exits.get("bus")?.("it was ended by SIGKILL");
    await stopped;
    expect(notes).not.toContain("bus died");
  });

  it("abandons a start that is under way when it has to stop", async () => {
    const { notes, events, actor } = stage();
    const begun = Promise.withResolvers<void>();
    const slow = actor("bus", [], 1, (signal) => {
      begun.resolve();
      return new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("abandoned")));
      });
    });
    const supervisor = new Supervisor([slow, actor("router", ["bus"], 1)], events);
    const started = supervisor.start();
    started.catch(() => undefined);
    await begun.promise;
    await supervisor.stop();
    await expect(started).rejects.toThrow("abandoned");
    expect(notes).toEqual(["bus begun"]);
  });

  it("refuses a table whose order cannot be kept", async () => {
    const { events, actor } = stage();
    const supervisor = new Supervisor([actor("router", ["bus"], 1), actor("bus", [], 2)], events);
    await expect(supervisor.start()).rejects.toThrow("router is to start after bus");
  });
});
