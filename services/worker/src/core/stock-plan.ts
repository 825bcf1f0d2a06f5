/** How many processes of each kind are kept booted ahead. Pure arithmetic. */
import { limits } from "../limits.ts";

export interface KindNeeds {
  /** Versions that are deployed and would use this kind. */
  readonly deployed: number;
  /** What was taken lately: see demand.ts. */
  readonly demand: number;
}

/** Without regard to memory: a few for what is deployed, more for what is used. */
export function wantedProcesses({ deployed, demand }: KindNeeds): number {
  const idle = Math.min(deployed, limits.prebootedIdleMax);
  const least = deployed === 0 ? 0 : Math.max(limits.prebootedMin, idle);
  return Math.max(least, demand);
}

/**
 * How many processes the stock may hold, those that it holds now included: a share of the memory
 * that nobody uses. As memory runs short the stock shrinks, to nothing in the end.
 */
export function affordableProcesses(availableBytes: number, held: number): number {
  const processBytes = limits.prebootedProcessMb * 1024 * 1024;
  const unusedBytes = availableBytes + held * processBytes;
  return Math.max(0, Math.floor((unusedBytes * limits.prebootedMemoryShare) / processBytes));
}

/** Cuts everybody's wish by the same share where there is not enough; the first get what is left. */
export function allot(wanted: readonly number[], affordable: number): number[] {
  const total = wanted.reduce((sum, count) => sum + count, 0);
  if (total <= affordable) return [...wanted];
  const alloted = wanted.map((count) => Math.floor((count * affordable) / total));
  let left = affordable - alloted.reduce((sum, count) => sum + count, 0);
  return alloted.map((count, index) => {
    if (left === 0 || count === wanted[index]) return count;
    left -= 1;
    return count + 1;
  });
}
