/**
 * Scenario: functions of several sizes, and what the kernel was told about each: its own files say
 * it, not a clock. 1,769 MB come with one CPU (lambda-spec.md §1.6); bubblewrap's two processes come
 * on top of the function's 1,024.
 */
import { eventually, processesMentioning } from "@paddock/testkit";
import { describe, expect, it } from "vitest";
import { kernelLimitsOf } from "./support/control-groups.ts";
import { languages } from "./support/languages.ts";
import { admit, attempt, secret, user } from "./support/prison.ts";

const MEBIBYTE = 1024 * 1024;
const SANDBOX_PROCESSES = 2;
/** Of CPU time: that of a function of 128 MB in some fourteen periods. */
const BURN_MS = 100;
let count = 0;

/** A number of seconds for `sleep` that no other process sleeps. */
const uniqueSleep = (): string => `5000.${process.pid}${(count += 1)}`;

/** Process id of a `sleep` that the function leaves in its sandbox. */
async function processIn(name: string): Promise<number> {
  const seconds = uniqueSleep();
  await attempt(name, [["daemon", seconds]]);
  return sleeping(seconds);
}

async function sleeping(seconds: string): Promise<number> {
  const [pid = 0] = await eventually(async () => {
    const found = await processesMentioning(`sleep\0${seconds}`);
    expect(found).toHaveLength(1);
    return found;
  });
  return pid;
}

describe.each(languages)("a function (%s)", (language) => {
  it.each([
    [128, 7236],
    [1769, 100_000],
    [3538, 200_000],
    [10_240, 578_858],
  ])(
    "of %i MB has its memory, %i of 100,000 µs of CPU, and 1,024 processes",
    async (memoryMb, quotaUs) => {
      const name = `${language}-of-${memoryMb}-mb`;
      await admit(name, language, { MemorySize: memoryMb });
      expect(kernelLimitsOf(await processIn(name))).toMatchObject({
        memoryBytes: memoryMb * MEBIBYTE,
        cpuQuotaUs: quotaUs,
        cpuPeriodUs: 100_000,
        processes: 1024 + SANDBOX_PROCESSES,
      });
    },
  );

  it("that computes needs as many periods as its share of each allows", async () => {
    const name = `${language}-of-128-mb`;
    await admit(name, language, { MemorySize: 128 });
    const seconds = uniqueSleep();
    // One invocation, so one environment; it rests while the kernel's counts are read.
    const burning = attempt(name, [
      ["daemon", seconds],
      ["sleep", "1"],
      ["burn", String(BURN_MS)],
    ]);
    const pid = await sleeping(seconds);
    const before = kernelLimitsOf(pid);
    expect((await burning)[2]).toEqual({ value: "burnt" });
    const after = kernelLimitsOf(pid);
    const sharesUsed = (BURN_MS * 1000) / after.cpuQuotaUs;
    // Of the first and of the last period it may have had a share too.
    expect(after.periods - before.periods).toBeGreaterThanOrEqual(Math.floor(sharesUsed) - 2);
    expect(after.throttledPeriods).toBeGreaterThan(before.throttledPeriods);
  });

  it("says in REPORT how much memory it used at most", async () => {
    const name = `${language}-${secret("peak")}`;
    await admit(name, language, { MemorySize: 512 });
    const peakAfter = async (megabytes: number): Promise<number> => {
      const { log } = await user.invokeWithLog(name, [["take", "memory", String(megabytes)]]);
      return Number(/Max Memory Used: (\d+) MB/.exec(log)?.[1]);
    };
    const much = await peakAfter(200);
    expect(much).toBeGreaterThan(200);
    expect(much).toBeLessThan(400);
  });
});
