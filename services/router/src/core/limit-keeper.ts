import { routerLimits } from "../limits.ts";
import type { Clock, FunctionLookup, Leases, WorkerCommands } from "../ports.ts";
import { concurrencyRule } from "./concurrency.ts";
import type { Fleet } from "./fleet.ts";

/**
 * Admission lets nothing new in beyond a limit. Where a limit was lowered, environments that were
 * admitted under the old one are still there, and warm ones take work without asking: those that are
 * idle are given up, until no more are left than the limit allows.
 */
export interface LimitKeeperParts {
  readonly functions: FunctionLookup;
  readonly leases: Leases;
  readonly workers: WorkerCommands;
  readonly fleet: Fleet;
  readonly clock: Clock;
  readonly accountConcurrency: number;
}

export class LimitKeeper {
  readonly #parts: LimitKeeperParts;
  #lookedAtMs = Number.NEGATIVE_INFINITY;

  constructor(parts: LimitKeeperParts) {
    this.#parts = parts;
  }

  /** Looks once in a while, however often it is called. Costs nothing where nobody has a limit. */
  async enforce(): Promise<void> {
    const { functions, leases, clock, accountConcurrency } = this.#parts;
    const nowMs = clock.nowMs();
    if (nowMs - this.#lookedAtMs < routerLimits.idleLookMs) return;
    this.#lookedAtMs = nowMs;
    const rule = concurrencyRule(functions, "", accountConcurrency);
    if (rule.reservedFunctions.length === 0) return;
    const { total, byFunction } = await leases.counts();
    let pool = total;
    for (const functionName of rule.reservedFunctions) {
      const held = byFunction.get(functionName) ?? 0;
      const limit = functions.getFunction(functionName)?.reservedConcurrency ?? held;
      pool -= held;
      await this.#giveUp(held - limit, (name) => name === functionName);
    }
    const reserved = new Set(rule.reservedFunctions);
    await this.#giveUp(pool - rule.poolLimit, (name) => !reserved.has(name));
  }

  async #giveUp(excess: number, accepts: (functionName: string) => boolean): Promise<void> {
    if (excess <= 0) return;
    const { fleet, workers, clock } = this.#parts;
    let left = excess;
    for (const { workerId, target, count } of fleet.idleEnvironments(clock.nowMs())) {
      if (left <= 0) return;
      if (!accepts(target.functionName)) continue;
      const gone = await workers.reclaim(workerId, {
        functionName: target.functionName,
        count: Math.min(count, left, routerLimits.reclaimedAtOnce),
        why: "the limit on concurrency was lowered",
      });
      fleet.reclaimed(workerId, target, gone.length);
      left -= gone.length;
    }
  }
}
