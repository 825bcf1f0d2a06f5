import type { ColdStart } from "@paddock/contracts";
import { describe, expect, it } from "vitest";
import { coldStartSentence } from "./cold-start-sentence.ts";

const atMs = Date.UTC(2026, 10, 27, 12, 3, 59);
const eviction = { atMs, idleMs: 9 * 60_000 };

describe("a cold start is explained", () => {
  it.each<[string, ColdStart]>([
    ["The first request: there was no environment of this version.", { kind: "first-request" }],
    [
      "Scaled from 3 to 4 environments: all 3 others had work to do.",
      { kind: "scale-up", environmentsBefore: 3 },
    ],
    [
      "Scaled from 1 to 2 environments: the other one had work to do.",
      { kind: "scale-up", environmentsBefore: 1 },
    ],
    ["One more environment: those that there were had work to do.", { kind: "scale-up" }],
    [
      "The environment that there was ended at 2026-11-27 12:03 UTC after 9 min without work.",
      { kind: "evicted", eviction: { ...eviction, cause: "idle" } },
    ],
    [
      "The environment that there was made room for billing at 2026-11-27 12:03 UTC after 90 s without work.",
      {
        kind: "evicted",
        eviction: { atMs, idleMs: 90_000, cause: "room", forFunction: "billing" },
      },
    ],
    [
      "The environment that there was ended at 2026-11-27 12:03 UTC after 9 min without work: the limit on concurrency was lowered.",
      { kind: "evicted", eviction: { ...eviction, cause: "limit" } },
    ],
    [
      "The environment that there was ended at 2026-11-27 12:03 UTC after 3 h without work: the machine was short of memory.",
      { kind: "evicted", eviction: { atMs, idleMs: 3 * 3_600_000, cause: "memory" } },
    ],
    [
      "The environment that there was ended with its worker at 2026-11-27 12:03 UTC.",
      { kind: "evicted", eviction: { ...eviction, cause: "worker-gone" } },
    ],
    ["The environment that there was had been given up.", { kind: "evicted" }],
    ["The function has new code.", { kind: "new-configuration", changed: "code" }],
    [
      "The function has a new configuration, with the same code.",
      { kind: "new-configuration", changed: "configuration" },
    ],
    ["The function has new code or a new configuration.", { kind: "new-configuration" }],
    [
      "The environment was started again: the invocation before timed out.",
      { kind: "reset", after: "timed-out" },
    ],
    ["An environment was being made ahead of need when the request came.", { kind: "pre-warmed" }],
    [
      "The environment was started again: its process had ended while it was idle.",
      { kind: "reset" },
    ],
  ])("%s", (sentence, coldStart) => {
    expect(coldStartSentence(coldStart)).toBe(sentence);
  });
});
