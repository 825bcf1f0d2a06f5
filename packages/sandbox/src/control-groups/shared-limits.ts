/**
 * What the sandboxes of one worker may take together of what the kernel has for the whole machine,
 * so that NATS, Redis, PostgreSQL and everybody else's programs always find some: processes, and
 * buffers of sockets. Each sandbox's own limits would add up to more.
 */
import { readFileSync } from "node:fs";
import { sandboxLimits } from "../limits.ts";
import type { SharedLimits } from "./port.ts";

/** Pages are larger on some machines; the limit is then stricter than it need be. */
const PAGE_BYTES = 4096;

export function sharedLimits(memoryUseMb: number | undefined): SharedLimits {
  const [pids, threads] = ["pid_max", "threads-max"].map((name) => numbersIn(`kernel/${name}`)[0]);
  // Least, pressure, most: under pressure the kernel takes buffers from everybody.
  const [, pressurePages] = numbersIn("net/ipv4/tcp_mem");
  return {
    ...(memoryUseMb === undefined ? {} : { memoryBytes: memoryUseMb * 1024 * 1024 }),
    processes: Math.floor(Math.min(pids ?? 0, threads ?? 0) * sandboxLimits.sharedProcessesPart),
    socketBytes: Math.floor(
      (pressurePages ?? 0) * PAGE_BYTES * sandboxLimits.sharedSocketMemoryPart,
    ),
  };
}

function numbersIn(name: string): number[] {
  return readFileSync(`/proc/sys/${name}`, "utf8").trim().split(/\s+/).map(Number);
}
