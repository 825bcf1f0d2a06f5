/** What a worker has on the machine now: for tests that nothing is left behind. */
import { readdirSync, readFileSync } from "node:fs";
import { countControlGroups } from "../control-groups/open.ts";
import { fileOfLoopDevice, loopDeviceNumbers } from "../kernel/loop-devices.ts";
import { workerIdOf } from "./worker-name.ts";

export interface HostResources {
  /** bubblewrap processes and what they started, as far as they name the worker's directories. */
  readonly processes: number;
  /** In this process's own mount namespace. */
  readonly mounts: number;
  readonly controlGroups: number;
  /** That show a file of the worker. */
  readonly loopDevices: number;
}

export function countHostResources(workerId: string): HostResources {
  return {
    processes: countProcesses(workerId),
    mounts: countLines("/proc/self/mountinfo", `/${workerId}.`),
    controlGroups: countControlGroups((name) => workerIdOf(name) === workerId),
    loopDevices: loopDeviceNumbers().filter((number) =>
      fileOfLoopDevice(number)?.includes(`/${workerId}.`),
    ).length,
  };
}

/** By control group: whatever a sandbox starts stays in its group. */
function countProcesses(workerId: string): number {
  return readdirSync("/proc").filter(
    (name) => /^\d+$/.test(name) && countLines(`/proc/${name}/cgroup`, `/${workerId}.`) > 0,
  ).length;
}

function countLines(path: string, part: string): number {
  try {
    return readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => line.includes(part)).length;
  } catch {
    return 0;
  }
}
