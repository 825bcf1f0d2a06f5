import { limits } from "../limits.ts";

/** How much of what all sandboxes use has to go; 0 below the mark. */
export function excessBytes(usedBytes: number, limitBytes: number): number {
  if (usedBytes < limitBytes * limits.memoryHighShare) return 0;
  return Math.ceil(usedBytes - limitBytes * limits.memoryLowShare);
}
