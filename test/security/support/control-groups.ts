/** Limits of one sandbox as the kernel has them, in both versions of control groups. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = "/sys/fs/cgroup";

export interface KernelLimits {
  readonly memoryBytes: number;
  readonly processes: number;
  /** Of each `cpuPeriodUs`. */
  readonly cpuQuotaUs: number;
  readonly cpuPeriodUs: number;
  /** In which something wanted to run, and in which it was stopped. */
  readonly periods: number;
  readonly throttledPeriods: number;
}

export function kernelLimitsOf(pid: number): KernelLimits {
  const lines = readFileSync(`/proc/${pid}/cgroup`, "utf8").trim().split("\n");
  const groupOf = (controller: string): string => {
    const line = lines.find((each) => each.split(":")[1]?.split(",").includes(controller));
    return join(root, controller, line?.split(":")[2] ?? "");
  };
  const isVersion1 = existsSync(join(groupOf("memory"), "memory.limit_in_bytes"));
  const stat = (group: string, name: string): number =>
    Number(new RegExp(`^${name} (\\d+)$`, "m").exec(text(group, "cpu.stat"))?.[1]);
  if (isVersion1) {
    const cpu = groupOf("cpu");
    return {
      memoryBytes: Number(text(groupOf("memory"), "memory.limit_in_bytes")),
      processes: Number(text(groupOf("pids"), "pids.max")),
      cpuQuotaUs: Number(text(cpu, "cpu.cfs_quota_us")),
      cpuPeriodUs: Number(text(cpu, "cpu.cfs_period_us")),
      periods: stat(cpu, "nr_periods"),
      throttledPeriods: stat(cpu, "nr_throttled"),
    };
  }
  const group = join(root, lines.find((line) => line.startsWith("0::"))?.slice(3) ?? "");
  const [quota, period] = text(group, "cpu.max").split(" ");
  return {
    memoryBytes: Number(text(group, "memory.max")),
    processes: Number(text(group, "pids.max")),
    cpuQuotaUs: Number(quota),
    cpuPeriodUs: Number(period),
    periods: stat(group, "nr_periods"),
    throttledPeriods: stat(group, "nr_throttled"),
  };
}

function text(group: string, file: string): string {
  return readFileSync(join(group, file), "utf8").trim();
}
