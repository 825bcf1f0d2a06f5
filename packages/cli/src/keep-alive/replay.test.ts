import { describe, expect, it } from "vitest";
import { Replay } from "./replay.ts";

const minuteMs = 60_000;
const hourly = (version: string, count: number) => {
  const startsMs = Array.from({ length: count }, (_, index) => index * 60 * minuteMs);
  return {
    functionName: "orders",
    version,
    startsMs,
    endsMs: startsMs.map((startMs) => startMs + 1000),
    memoryMb: startsMs.map(() => 1024),
    coldStarts: 1,
  };
};
const inForce = { keepAlivePolicy: "histogram", idleEnvironmentTimeoutSeconds: 600 } as const;

describe("a replay of what ran", () => {
  it("sums over versions, each with environments of its own", () => {
    const replay = new Replay();
    replay.add(hourly("$LATEST", 5));
    replay.add(hourly("7", 5));
    const result = replay.run(inForce, 6 * 60 * minuteMs);
    expect(result).toMatchObject({ attempts: 10, functionVersions: 2, recordedColdStarts: 2 });
    const never = result.policies.find(({ policy }) => policy === "never let go");
    expect(never?.coldStarts).toBe(2);
    expect(result.policies.find(({ policy }) => policy === "fixed, 10 min")?.coldStarts).toBe(10);
  });

  it("comes out the same however its lines are cut and mixed", () => {
    const whole = new Replay();
    whole.add(hourly("$LATEST", 40));
    const { startsMs, endsMs, memoryMb, ...rest } = hourly("$LATEST", 40);
    const cut = new Replay();
    for (const parity of [1, 0]) {
      const indices = [...startsMs.keys()].filter((index) => index % 2 === parity);
      cut.add({
        ...rest,
        startsMs: indices.map((index) => startsMs[index] ?? 0),
        endsMs: indices.map((index) => endsMs[index] ?? 0),
        memoryMb: indices.map((index) => memoryMb[index] ?? 0),
        coldStarts: indices.includes(0) ? 1 : 0,
      });
    }
    const untilMs = 41 * 60 * minuteMs;
    expect(cut.run(inForce, untilMs)).toEqual(whole.run(inForce, untilMs));
  });

  it("names what is in force, a time-out of the user's own too", () => {
    const policiesOf = (keepAlivePolicy: "fixed" | "histogram", seconds: number) =>
      new Replay()
        .run({ keepAlivePolicy, idleEnvironmentTimeoutSeconds: seconds }, 0)
        .policies.filter((each) => each.inForce)
        .map(({ policy }) => policy);
    expect(policiesOf("fixed", 45)).toEqual(["fixed, 45 s"]);
    expect(policiesOf("fixed", 300)).toEqual(["fixed, 5 min"]);
    expect(policiesOf("histogram", 300)).toEqual(["histogram, else 5 min"]);
  });
});
