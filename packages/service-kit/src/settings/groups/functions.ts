import { z } from "zod";
import { wholeNumber, wholeNumbers } from "../schemas.ts";
import type { SettingWithDefault } from "../setting.ts";

const isolation = z.enum(
  ["bubblewrap", "gvisor", "process"],
  "must be bubblewrap, gvisor or process",
);
const scratchStorage = z.enum(["auto", "disk", "memory"], "must be auto, disk or memory");
const memoryMb = wholeNumber(128, 16_777_216);
const codeCacheMb = wholeNumber(1, 16_777_216);
const prebootedProcesses = wholeNumber(0, 1024);
const retryDelays = wholeNumbers(0, 3600, 2);
const keepAlivePolicy = z.enum(["fixed", "histogram"], "must be fixed or histogram");
const idleTimeout = wholeNumber(1, 86_400);
const retentionDays = wholeNumber(1, 3650);
const leaseMs = wholeNumber(3000, 600_000);

/** Of the machine's memory, what functions may really use; the rest is for the servers and the system. */
const FUNCTIONS_SHARE_OF_MEMORY = 0.8;
/** Functions use a small part of the memory size that they are given: that much more is handed out. */
const MEMORY_OVERCOMMITMENT = 8;

export const functionSettings = {
  isolation: {
    presence: "default",
    schema: isolation,
    group: "functions",
    help: "What functions run in. `gvisor` needs its program `runsc`, and puts a kernel of its own between functions and this machine's. `process` isolates nothing: code that you do not trust can then read every file and secret of this user.",
    valueName: "kind",
    fallback: () => "bubblewrap",
  } satisfies SettingWithDefault<typeof isolation>,
  scratchStorage: {
    presence: "default",
    schema: scratchStorage,
    group: "functions",
    help: "What functions' /tmp is kept in. `disk` needs root, loop devices and mkfs.ext4. In `memory` what a function writes to /tmp counts as its memory, and ends it when that is full. `auto` is disk where it can be had; the worker's first log lines say which.",
    valueName: "kind",
    fallback: () => "auto",
  } satisfies SettingWithDefault<typeof scratchStorage>,
  workerMemoryMb: {
    presence: "default",
    schema: memoryMb,
    group: "functions",
    help: "Sum of the memory sizes of the execution environments that one worker may hold, in MB. More than the machine has, because functions use a small part of their size; workerMemoryUseMb bounds what they really use.",
    valueName: "mb",
    fallback: ({ machineMemoryMb }) => machineMemoryMb * MEMORY_OVERCOMMITMENT,
    fallbackText: "8 times the machine's memory",
  } satisfies SettingWithDefault<typeof memoryMb>,
  workerMemoryUseMb: {
    presence: "default",
    schema: memoryMb,
    group: "functions",
    help: "Memory that all execution environments of one worker together may really use, in MB. When it is full the kernel ends functions, and never the servers.",
    valueName: "mb",
    fallback: ({ machineMemoryMb }) =>
      Math.max(128, Math.floor(machineMemoryMb * FUNCTIONS_SHARE_OF_MEMORY)),
    fallbackText: "80 % of the machine's memory",
  } satisfies SettingWithDefault<typeof memoryMb>,
  workerCodeCacheMb: {
    presence: "default",
    schema: codeCacheMb,
    group: "functions",
    help: "Disk that unpacked code of functions may take on one worker, in MB. What no execution environment uses is removed first when it is full; what they use stays, also beyond it.",
    valueName: "mb",
    fallback: () => 10_240,
  } satisfies SettingWithDefault<typeof codeCacheMb>,
  prebootedMax: {
    presence: "default",
    schema: prebootedProcesses,
    group: "functions",
    help: "Runtime processes that a worker keeps booted, isolated and without a function, so that a cold start need not boot one. How many of these it uses follows demand and free memory; 0: none.",
    valueName: "processes",
    fallback: () => 256,
  } satisfies SettingWithDefault<typeof prebootedProcesses>,
  asyncRetryDelaysSeconds: {
    presence: "default",
    schema: retryDelays,
    group: "functions",
    help: "Seconds to wait before the first and the second retry of an asynchronous invocation that ended in a function error.",
    valueName: "seconds,seconds",
    fallback: () => [60, 120],
  } satisfies SettingWithDefault<typeof retryDelays>,
  keepAlivePolicy: {
    presence: "default",
    schema: keepAlivePolicy,
    group: "functions",
    help: "How long idle execution environments are kept. `fixed`: for idleEnvironmentTimeoutSeconds. `histogram`: as each function's own idle times say, and made anew shortly before it is needed; for idleEnvironmentTimeoutSeconds where they say nothing yet.",
    valueName: "policy",
    fallback: () => "histogram",
  } satisfies SettingWithDefault<typeof keepAlivePolicy>,
  idleEnvironmentTimeoutSeconds: {
    presence: "default",
    schema: idleTimeout,
    group: "functions",
    help: "Seconds for which an idle execution environment is kept warm, unless its function's idle times say better (keepAlivePolicy).",
    valueName: "seconds",
    fallback: () => 600,
  } satisfies SettingWithDefault<typeof idleTimeout>,
  logRetentionDays: {
    presence: "default",
    schema: retentionDays,
    group: "functions",
    help: "Days for which functions' log events are kept.",
    valueName: "days",
    fallback: () => 7,
  } satisfies SettingWithDefault<typeof retentionDays>,
  workerLeaseMs: {
    presence: "default",
    schema: leaseMs,
    group: "functions",
    help: "Milliseconds of silence after which a worker's environments count as gone. Workers report once a second, so less than 3000 would take environments away from busy workers.",
    valueName: "ms",
    fallback: () => 5000,
  } satisfies SettingWithDefault<typeof leaseMs>,
} as const;
