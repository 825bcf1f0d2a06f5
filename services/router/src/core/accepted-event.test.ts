import type { AsyncInvocation, FunctionRecord } from "@paddock/contracts";
import { functionRecord, versionRecord } from "@paddock/testkit";
import { describe, expect, it } from "vitest";
import { asyncInvocation, lookup } from "../records.fixture.ts";
import { type AcceptedDecision, decideAccepted } from "./accepted-event.ts";

const acceptedAtMs = 1_000_000;

function decide(
  record: Partial<FunctionRecord>,
  invocation: Partial<AsyncInvocation> = {},
  over: { nowMs?: number; random?: () => number } = {},
): AcceptedDecision {
  const versions = [
    versionRecord("hello"),
    ...["1", "2"].map((version) => versionRecord("hello", { version })),
  ];
  return decideAccepted(lookup([functionRecord("hello", record)], versions), {
    invocation: asyncInvocation({ acceptedAtMs, ...invocation }),
    event: Buffer.from('{"ü":1}'),
    nowMs: over.nowMs ?? acceptedAtMs,
    random: over.random ?? (() => 0.5),
  });
}

describe("an accepted event", () => {
  it("becomes a job of $LATEST with AWS's defaults where nothing is configured", () => {
    expect(decide({})).toMatchObject({
      kind: "enqueue",
      job: {
        version: "$LATEST",
        event: '{"ü":1}',
        maximumRetryAttempts: 2,
        expiresAtMs: acceptedAtMs + 21_600_000,
        nextAttempt: 1,
        functionErrors: 0,
      },
    });
  });

  it("takes the configuration of the qualifier it was sent to", () => {
    const aliases = { live: { version: "2", additionalVersionWeights: {} } };
    const asyncConfigs = {
      live: { maximumRetryAttempts: 0, maximumEventAgeSeconds: 60 },
      2: { maximumRetryAttempts: 1, maximumEventAgeSeconds: 90 },
    };
    expect(decide({ aliases, asyncConfigs }, { qualifier: "live" })).toMatchObject({
      kind: "enqueue",
      job: { version: "2", maximumRetryAttempts: 0, expiresAtMs: acceptedAtMs + 60_000 },
    });
  });

  it("is drawn between the versions of a weighted alias", () => {
    const aliases = { live: { version: "1", additionalVersionWeights: { 2: 0.3 } } };
    const versionFor = (random: number): string | undefined => {
      const decision = decide({ aliases }, { qualifier: "live" }, { random: () => random });
      return decision.kind === "enqueue" ? decision.job.version : undefined;
    };
    expect([versionFor(0.29), versionFor(0.31)]).toEqual(["2", "1"]);
  });

  it("waits a little for a function that is not known, then is dropped with the reason", () => {
    const unknown = { qualifier: "nowhere" };
    expect(decide({}, unknown)).toEqual({ kind: "later" });
    expect(decide({}, unknown, { nowMs: acceptedAtMs + 60_000 })).toMatchObject({
      kind: "fate",
      fate: { fate: "dropped", detail: "the version or alias does not exist", attempts: 0 },
    });
  });

  it("expires when it is older than its greatest age", () => {
    expect(decide({}, {}, { nowMs: acceptedAtMs + 21_600_000 })).toMatchObject({
      fate: { fate: "expired", detail: "EventAgeExceeded" },
    });
  });

  it("fails at once for a function that is switched off", () => {
    expect(decide({ reservedConcurrency: 0 })).toMatchObject({
      fate: { fate: "failed", detail: "ZeroReservedConcurrency", attempts: 0 },
    });
  });
});
