import type { Clock } from "../ports.ts";

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  callAfter(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
