import { readFileSync } from "node:fs";
import { startZombie } from "@paddock/testkit";
import { describe, expect, it } from "vitest";
import { isDeadWorker, workerIdOf, workerName } from "./worker-name.ts";

describe("a worker's name", () => {
  const own = workerName("worker-1");
  const [id, namespace, pid, startTime] = own.split(".");

  it("tells its worker id", () => {
    expect(workerIdOf(own)).toBe("worker-1");
    expect(workerIdOf("somebody.else")).toBeUndefined();
  });

  it("is that of a dead worker when the process id is free or belongs to a later process", () => {
    expect(isDeadWorker(own)).toBe(false);
    expect(isDeadWorker([id, namespace, pid, Number(startTime) + 1].join("."))).toBe(true);
    expect(isDeadWorker([id, namespace, "4194304", startTime].join("."))).toBe(true);
  });

  it("is that of a dead worker while the system has not fetched its ended process yet", async () => {
    const zombie = await startZombie();
    try {
      const stat = readFileSync(`/proc/${zombie.pid}/stat`, "utf8");
      const began = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
      expect(isDeadWorker([id, namespace, zombie.pid, began].join("."))).toBe(true);
    } finally {
      zombie.release();
    }
  });

  it("is left alone when it comes from another process-id namespace or is none of ours", () => {
    expect(isDeadWorker([id, "1", "4194304", startTime].join("."))).toBe(false);
    expect(isDeadWorker("identities-0.lock")).toBe(false);
    expect(isDeadWorker("docker")).toBe(false);
  });

  it("is refused for a worker id that would lead out of its directory", () => {
    expect(() => workerName("../x")).toThrow("worker id");
    expect(() => workerName("a.b")).toThrow("worker id");
  });
});
