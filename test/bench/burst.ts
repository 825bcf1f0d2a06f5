/**
 * `npm run bench:burst`: how soon 200 executions of a function that had none run at once, for Node
 * and Python; and 1,000 at once on this machine, none of them refused.
 */
import { benchLimits } from "./lib/limits.ts";
import { runBench } from "./lib/run.ts";
import { newestPython } from "./lib/stack.ts";
import { type Burst, type BurstOptions, measureBurst } from "./measures/burst.ts";

await runBench<Record<string, Burst>>({
  name: "burst",
  settings: { "sandbox-network": "egress" },
  async measure({ access }) {
    const { burstLarge, burstLargeMs, burstMs, burstSmall: count } = benchLimits;
    const python = await newestPython(access);
    const bursts: BurstOptions[] = [
      { runtime: "nodejs24.x", count, lastsMs: burstMs },
      ...(python === undefined ? [] : [{ runtime: python, count, lastsMs: burstMs }]),
      { runtime: "nodejs24.x", count: burstLarge, lastsMs: burstLargeMs },
    ];
    const figures: Record<string, Burst> = {};
    for (const burst of bursts) {
      figures[`${burst.runtime}, ${burst.count}`] = await measureBurst(access, burst);
      // The environments of one burst have ended before the next is measured.
      await new Promise((resolve) => setTimeout(resolve, benchLimits.burstPauseMs));
    }
    return figures;
  },
  rows(figures, { c1 }) {
    return [
      ["burst", "running at once", "refused", "half (ms)", "nine tenths (ms)", "all (ms)"],
      ...Object.entries(figures).map(([name, burst]) => [
        name,
        String(burst.running),
        String(burst.refused),
        String(burst.halfMs),
        String(burst.nineTenthsMs),
        String(burst.allMs),
      ]),
      [`bare Node HTTP, one request: p50 ${c1.p50Ms} ms`],
    ];
  },
  problems: (figures) =>
    Object.entries(figures)
      .filter(([, { asked, running }]) => running < asked)
      .map(([name, { running, refused, firstRefusal }]) => {
        const because = firstRefusal === undefined ? "" : `: ${firstRefusal}`;
        return `${name}: ${running} ran at once, ${refused} were refused${because}`;
      }),
});
