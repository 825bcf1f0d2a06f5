/** Memory that nothing uses. Source: https://docs.kernel.org/filesystems/proc.html, `MemAvailable` */
import { readFileSync } from "node:fs";
import { freemem } from "node:os";

/** What could be used without anything being moved out of memory for it. */
export function availableMachineBytes(): number {
  try {
    const kilobytes = /^MemAvailable:\s+(\d+) kB/m.exec(readFileSync("/proc/meminfo", "utf8"))?.[1];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  } catch {
    // Not Linux: then there is no such file.
  }
  return freemem();
}
