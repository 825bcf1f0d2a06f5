import { limits } from "@paddock/contracts";
import { modelLimits } from "./limits.ts";

/** Virtual CPUs that come with a memory size: 1,769 MB is one, 10,240 MB is six. */
export function cpusForMemory(memoryMb: number): number {
  return Math.min(modelLimits.cpusMax, memoryMb / limits.memoryMbPerCpu);
}
