/** What is written into the files: pure arithmetic. */
import { sandboxLimits } from "../limits.ts";

/** Microseconds of CPU time in each period for `cpus` CPUs' worth. */
export function cpuQuotaUs(cpus: number): number {
  const quota = Math.round(cpus * sandboxLimits.cpuPeriodUs);
  return Math.max(sandboxLimits.cpuQuotaUsMin, quota);
}

/** `cpu.shares` of version 1 for a weight of version 2, where 100 is the default. */
export function cpuShares(weight: number): number {
  return Math.max(2, Math.round((weight * 1024) / sandboxLimits.cpuWeightMax));
}

/** Bytes in buffers of network sockets that come with a memory size, on top of it (version 1). */
export function socketBytes(memoryBytes: number): number {
  const share = Math.round(memoryBytes * sandboxLimits.socketMemoryShare);
  return Math.max(sandboxLimits.socketBytesMin, share);
}

/** `cpu.max` of version 2. */
export function cpuMax(cpus: number): string {
  return `${String(cpuQuotaUs(cpus))} ${String(sandboxLimits.cpuPeriodUs)}`;
}
