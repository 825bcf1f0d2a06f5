import { limits } from "../limits.ts";

/** Pause before a message comes again that was handed out `redeliveries` + 1 times in vain. */
export function retryPauseMs(redeliveries: number): number {
  // 2 ** 20 is beyond every bound and keeps the product finite.
  return Math.min(limits.retryLongestMs, limits.retryFirstMs * 2 ** Math.min(20, redeliveries));
}
