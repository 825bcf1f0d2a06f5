/**
 * What the sandboxes of one worker may take together of what the kernel has for the whole machine,
 * so that NATS, Redis, PostgreSQL and everybody else's programs always find some: processes, and
 * buffers of sockets. Each sandbox's own limits would add up to more.
 */
import { readFileSync } from "node:fs";
import { totalmem } from "node:os";
import { sandboxLimits } from "../limits.ts";
import type { SharedLimits } from "./port.ts";

export function sharedLimits(memoryUseMb: number | undefined): SharedLimits {
  const [pids, threads] = ["pid_max", "threads-max"].map(numberIn);
  return {
    ...(memoryUseMb === undefined ? {} : { memoryBytes: memoryUseMb * 1024 * 1024 }),
    processes: Math.floor(Math.min(pids ?? 0, threads ?? 0) * sandboxLimits.sharedProcessesPart),
    socketBytes: Math.floor(totalmem() * sandboxLimits.sharedSocketMemoryPart),
  };
}

function numberIn(name: string): number {
  return Number(readFileSync(`/proc/sys/kernel/${name}`, "utf8"));
}
