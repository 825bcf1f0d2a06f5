export type Limiter = <T>(work: () => Promise<T>) => Promise<T>;

/** Runs work while fewer than `slots` of the same limiter run; the rest waits in order. */
export function atMost(slots: number): Limiter {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= slots) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      // A slot goes from hand to hand while anybody waits.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
