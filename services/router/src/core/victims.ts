import type { Target } from "@paddock/contracts";
import type { ConcurrencyRule } from "./concurrency.ts";
import { type IdleEnvironments, targetKey } from "./fleet.ts";

/**
 * Which idle environments are given up to make room. Of those that help, the ones that are worth
 * least: see `keepingValue` of lambda-model.
 */
export interface ValuedIdle extends IdleEnvironments {
  /** Of one of them. */
  readonly memoryMb: number;
  /** What keeping one of them is worth for each MB. */
  readonly value: number;
}

export interface Victims {
  readonly workerId: string;
  readonly target: Target;
  readonly count: number;
}

export interface Need {
  readonly lack: "function-limit" | "account-limit" | "no-memory";
  readonly target: Target;
  readonly memoryMb: number;
  readonly rule: ConcurrencyRule;
  /** Workers that the new environment may be on, with what they have left. */
  readonly freeMb: ReadonlyMap<string, number>;
}

/** Empty: nothing that is idle would help. */
export function chooseVictims(idle: readonly ValuedIdle[], need: Need): readonly Victims[] {
  const helpful = idle
    .filter((each) => helps(each.target, need))
    .toSorted((a, b) => a.value - b.value);
  if (need.lack === "no-memory") return cheapestRoom(helpful, need);
  const [least] = helpful;
  return least === undefined ? [] : [{ ...nameOf(least), count: 1 }];
}

/** For the function's limit only its own help, for the account's only those of the pool. */
function helps(other: Target, { lack, target, rule }: Need): boolean {
  if (targetKey(other) === targetKey(target)) return false;
  if (lack === "function-limit") return other.functionName === target.functionName;
  if (lack === "account-limit") return !rule.reservedFunctions.includes(other.functionName);
  return true;
}

/** Room on one worker, where the least is lost for it. What would not make enough room is left alone. */
function cheapestRoom(helpful: readonly ValuedIdle[], need: Need): readonly Victims[] {
  let best: { readonly victims: readonly Victims[]; readonly loss: number } | undefined;
  for (const [workerId, freeMb] of need.freeMb) {
    const here = helpful.filter((each) => each.workerId === workerId);
    // Where there seems to be room, the leases say that there is not.
    const missingMb = freeMb < need.memoryMb ? need.memoryMb - Math.max(0, freeMb) : need.memoryMb;
    const room = roomOf(here, missingMb);
    if (room !== undefined && (best === undefined || room.loss < best.loss)) best = room;
  }
  return best?.victims ?? [];
}

function roomOf(
  here: readonly ValuedIdle[],
  missingMb: number,
): { readonly victims: readonly Victims[]; readonly loss: number } | undefined {
  const victims: Victims[] = [];
  let [leftMb, loss] = [missingMb, 0];
  for (const each of here) {
    const count = Math.min(each.count, Math.ceil(leftMb / each.memoryMb));
    victims.push({ ...nameOf(each), count });
    leftMb -= count * each.memoryMb;
    loss += count * each.memoryMb * each.value;
    if (leftMb <= 0) return { victims, loss };
  }
  return undefined;
}

function nameOf({ workerId, target }: ValuedIdle): Omit<Victims, "count"> {
  return { workerId, target };
}
