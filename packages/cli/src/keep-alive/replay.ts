import type { Attempts, AttemptsEnd } from "@paddock/contracts/admin";
import {
  type AttemptHistory,
  fixedWindows,
  type KeepAlivePolicy,
  learnedWindows,
  type PolicyOutcome,
  simulateKeepAlive,
} from "@paddock/lambda-model";

/** What ran of one function version; grows as lines arrive. */
interface Recorded {
  readonly startsMs: number[];
  readonly endsMs: number[];
  readonly memoryMb: number[];
}

export interface ReplayResult {
  readonly attempts: number;
  readonly functionVersions: number;
  /** As it was, whatever made them: evictions, new versions and restarts too. */
  readonly recordedColdStarts: number;
  readonly policies: readonly (PolicyOutcome & { readonly inForce: boolean })[];
}

type InForce = Pick<AttemptsEnd["end"], "keepAlivePolicy" | "idleEnvironmentTimeoutSeconds">;

const MINUTE_MS = 60_000;

/** Gathers a history line by line and replays it against all policies. */
export class Replay {
  readonly #recorded = new Map<string, Recorded>();
  #attempts = 0;
  #coldStarts = 0;

  add({ functionName, version, startsMs, endsMs, memoryMb, coldStarts }: Attempts): void {
    const key = `${functionName}:${version}`;
    const known = this.#recorded.get(key) ?? { startsMs: [], endsMs: [], memoryMb: [] };
    this.#recorded.set(key, known);
    for (const [index, startMs] of startsMs.entries()) {
      known.startsMs.push(startMs);
      known.endsMs.push(Math.max(startMs, endsMs[index] ?? startMs));
      known.memoryMb.push(memoryMb[index] ?? 0);
    }
    this.#attempts += startsMs.length;
    this.#coldStarts += coldStarts;
  }

  /** `untilMs`: the end of the time that is replayed. */
  run(inForce: InForce, untilMs: number): ReplayResult {
    const policies = policiesBeside(inForce);
    const outcomes = [...this.#recorded.values()].map((recorded) =>
      simulateKeepAlive(inOrder(recorded), policies, untilMs),
    );
    return {
      attempts: this.#attempts,
      functionVersions: this.#recorded.size,
      recordedColdStarts: this.#coldStarts,
      policies: policies.map(({ name, isInForce }, index) => ({
        ...total(
          name,
          outcomes.map((each) => each[index]).filter((each) => each !== undefined),
        ),
        inForce: isInForce,
      })),
    };
  }
}

function policiesBeside(inForce: InForce): (KeepAlivePolicy & { readonly isInForce: boolean })[] {
  const timeoutMs = inForce.idleEnvironmentTimeoutSeconds * 1000;
  const isFixed = inForce.keepAlivePolicy === "fixed";
  const times = new Set([...[1, 5, 10, 30].map((minutes) => minutes * MINUTE_MS), timeoutMs]);
  const fixed = [...times]
    .toSorted((a, b) => a - b)
    .map((keepMs) => ({
      name: `fixed, ${textOf(keepMs)}`,
      windows: () => fixedWindows(keepMs),
      isInForce: isFixed && keepMs === timeoutMs,
    }));
  const histogram: KeepAlivePolicy = {
    name: `histogram, else ${textOf(timeoutMs)}`,
    windows: (known) => learnedWindows(known) ?? fixedWindows(timeoutMs),
  };
  const never = { name: "never let go", windows: () => fixedWindows(Infinity) };
  return [...fixed, { ...histogram, isInForce: !isFixed }, { ...never, isInForce: false }];
}

function textOf(ms: number): string {
  return ms % MINUTE_MS === 0 ? `${ms / MINUTE_MS} min` : `${ms / 1000} s`;
}

function inOrder({ startsMs, endsMs, memoryMb }: Recorded): AttemptHistory {
  const starts = Float64Array.from(startsMs);
  const order = Uint32Array.from(starts.keys()).sort((a, b) => (starts[a] ?? 0) - (starts[b] ?? 0));
  const ordered = (values: readonly number[]): Float64Array =>
    Float64Array.from(order, (index) => values[index] ?? 0);
  return { startsMs: ordered(startsMs), endsMs: ordered(endsMs), memoryMb: ordered(memoryMb) };
}

function total(policy: string, outcomes: readonly PolicyOutcome[]): PolicyOutcome {
  const sum = (figure: "coldStarts" | "preWarmed" | "idleGbSeconds"): number =>
    outcomes.reduce((all, outcome) => all + outcome[figure], 0);
  return {
    policy,
    coldStarts: sum("coldStarts"),
    preWarmed: sum("preWarmed"),
    idleGbSeconds: sum("idleGbSeconds"),
  };
}
