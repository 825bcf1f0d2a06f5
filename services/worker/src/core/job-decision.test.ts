import type { InvocationJob } from "@paddock/contracts";
import { describe, expect, it } from "vitest";
import { decideJob } from "./job-decision.ts";

const nowMs = 1_000_000;
const job: InvocationJob = {
  invocation: {
    requestId: "r1",
    functionName: "f",
    invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:f",
    trigger: "invoke-api",
    traceHeader: "Root=1-0-0",
    acceptedAtMs: 900_000,
  },
  version: "$LATEST",
  event: "{}",
  maximumRetryAttempts: 2,
  expiresAtMs: 900_000 + 21_600_000,
  nextAttempt: 1,
  functionErrors: 0,
};
const situation = { job, nowMs, retryDelaysSeconds: [60, 120] };

describe("what becomes of a queued invocation", () => {
  it("ends succeeded when the function answered", () => {
    expect(decideJob({ ...situation, outcome: "succeeded" })).toEqual({
      kind: "end",
      fate: "succeeded",
    });
  });

  it.each(["function-error", "timed-out", "crashed", "out-of-memory", "init-error"] as const)(
    "is retried after one minute when the first attempt ended %s",
    (outcome) => {
      expect(decideJob({ ...situation, outcome })).toMatchObject({
        kind: "retry",
        atMs: nowMs + 60_000,
        job: { functionErrors: 1, nextAttempt: 2 },
      });
    },
  );

  it("ends failed when the retries are used up", () => {
    const last = { ...job, functionErrors: 2, nextAttempt: 3 };
    expect(decideJob({ ...situation, job: last, outcome: "crashed" })).toEqual({
      kind: "end",
      fate: "failed",
      detail: "RetriesExhausted",
    });
  });

  it("does not use up a retry when the platform failed", () => {
    const decision = decideJob({ ...situation, outcome: "platform-error" });
    expect(decision).toMatchObject({
      kind: "retry",
      atMs: nowMs + 1000,
      job: { functionErrors: 0 },
    });
  });

  it("ends expired at once when the next attempt would come too late", () => {
    const old = { ...job, expiresAtMs: nowMs + 59_999 };
    expect(decideJob({ ...situation, job: old, outcome: "function-error" })).toEqual({
      kind: "end",
      fate: "expired",
      detail: "EventAgeExceeded",
    });
  });
});
