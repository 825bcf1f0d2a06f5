/** What is written into the files: pure arithmetic. */
import { sandboxLimits } from "../limits.ts";

/** Microseconds of CPU time in each period for `cpus` CPUs' worth. */
export function cpuQuotaUs(cpus: number): number {
  const quota = Math.round(cpus * sandboxLimits.cpuPeriodUs);
  return Math.max(sandboxLimits.cpuQuotaUsMin, quota);
}

/** `cpu.max` of version 2. */
export function cpuMax(cpus: number): string {
  return `${String(cpuQuotaUs(cpus))} ${String(sandboxLimits.cpuPeriodUs)}`;
}
