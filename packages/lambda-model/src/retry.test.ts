import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextBackoff, nextRetry } from "./retry.ts";

const hourLater = { nowMs: 0, expiresAtMs: 3_600_000 };

describe("nextRetry", () => {
  it("runs again after one minute, then after two, then gives up", () => {
    const decide = (functionErrors: number) =>
      nextRetry({ ...hourLater, functionErrors, maximumRetryAttempts: 2 });
    expect([decide(1), decide(2), decide(3)]).toEqual([
      { kind: "retry", atMs: 60_000 },
      { kind: "retry", atMs: 120_000 },
      { kind: "give-up", condition: "RetriesExhausted" },
    ]);
  });

  it("does not run again where no retries are configured", () => {
    expect(nextRetry({ ...hourLater, functionErrors: 1, maximumRetryAttempts: 0 })).toEqual({
      kind: "give-up",
      condition: "RetriesExhausted",
    });
  });

  it("gives up at once when the retry would come after the event's greatest age", () => {
    const state = { nowMs: 0, functionErrors: 1, maximumRetryAttempts: 2 };
    expect(nextRetry({ ...state, expiresAtMs: 59_999 })).toEqual({
      kind: "give-up",
      condition: "EventAgeExceeded",
    });
    expect(nextRetry({ ...state, expiresAtMs: 60_000 })).toEqual({ kind: "retry", atMs: 60_000 });
  });

  it("takes other pauses, the last one for all further retries", () => {
    const state = { ...hourLater, maximumRetryAttempts: 2, retryDelaysSeconds: [5] };
    expect(nextRetry({ ...state, functionErrors: 2 })).toEqual({ kind: "retry", atMs: 5000 });
  });
});

describe("nextBackoff", () => {
  it("doubles from one second to five minutes", () => {
    const pauses = [1, 2, 3, 9, 10, 1000].map((returns) => nextBackoff({ ...hourLater, returns }));
    expect(pauses.map((pause) => (pause.kind === "retry" ? pause.atMs : pause.condition))).toEqual([
      1000, 2000, 4000, 256_000, 300_000, 300_000,
    ]);
  });

  it("never decides on a time after the event's greatest age, nor on one that is past", () => {
    const time = fc.integer({ min: 0, max: 1e9 });
    fc.assert(
      fc.property(
        time,
        time,
        fc.integer({ min: 1, max: 100_000 }),
        (nowMs, expiresAtMs, returns) => {
          const decision = nextBackoff({ nowMs, expiresAtMs, returns });
          if (decision.kind === "give-up") return;
          expect(decision.atMs).toBeGreaterThan(nowMs);
          expect(decision.atMs).toBeLessThanOrEqual(expiresAtMs);
        },
      ),
    );
  });
});
