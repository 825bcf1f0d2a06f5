import { setTimeout as sleep } from "node:timers/promises";
import { testkitLimits } from "./limits.ts";

export interface EventuallyOptions {
  readonly timeoutMs?: number;
  readonly intervalMs?: number;
}

/**
 * Calls `check` until it neither throws nor returns `false`, and returns what it returned.
 * Throws the last failure when `timeoutMs` (10 s by default) is over.
 */
export async function eventually<Value>(
  check: () => Value | Promise<Value>,
  options: EventuallyOptions = {},
): Promise<Value> {
  const timeoutMs = options.timeoutMs ?? testkitLimits.eventuallyMs;
  const intervalMs = options.intervalMs ?? testkitLimits.eventuallyIntervalMs;
  const deadlineMs = performance.now() + timeoutMs;
  let failure: unknown = new Error("the check returned false");
  do {
    try {
      const value = await check();
      if (value !== false) return value;
    } catch (error) {
      failure = error;
    }
    await sleep(intervalMs);
  } while (performance.now() < deadlineMs);
  throw new Error(`not so within ${timeoutMs} ms: ${String(failure)}`, { cause: failure });
}
