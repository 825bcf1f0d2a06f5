import { randomBytes } from "node:crypto";
import type { ColdStartReason, EnvironmentGrant, Target, VersionRecord } from "@paddock/contracts";
import { limits as shared } from "@paddock/contracts";
import { keepingValue } from "@paddock/lambda-model";
import { routerLimits } from "../limits.ts";
import type { Clock, FunctionLookup, Leases, WorkerCommands } from "../ports.ts";
import { concurrencyRule, type ConcurrencyRule, withHeadroom } from "./concurrency.ts";
import type { Fleet, IdleEnvironments } from "./fleet.ts";
import type { IdleHistories } from "./idle-histories.ts";
import { chooseVictims, type ValuedIdle, type Victims } from "./victims.ts";

/**
 * Finds a place for one more environment: reserves it, and where a limit is reached makes room by
 * giving up the idle environments that are worth least.
 */
export interface PlacementParts {
  readonly functions: FunctionLookup;
  readonly leases: Leases;
  readonly workers: WorkerCommands;
  readonly fleet: Fleet;
  readonly histories: Pick<IdleHistories, "histogramOf">;
  readonly clock: Clock;
  readonly accountConcurrency: number;
}

export type Placement =
  | { readonly kind: "placed"; readonly workerId: string; readonly grant: EnvironmentGrant }
  | { readonly kind: "function-limit" | "account-limit" | "no-memory" | "no-worker" };

export class Placer {
  readonly #parts: PlacementParts;

  constructor(parts: PlacementParts) {
    this.#parts = parts;
  }

  /** Reserves an environment; reclaims idle ones for it where `makeRoom` is true. */
  async place(target: Target, version: VersionRecord, makeRoom: boolean): Promise<Placement> {
    const { functions, accountConcurrency } = this.#parts;
    const rule = concurrencyRule(functions, target.functionName, accountConcurrency);
    let placement = await this.#reserve(target, version, rule);
    const rounds = makeRoom ? routerLimits.reclaimRounds : 0;
    for (let round = 0; round < rounds && placement.kind !== "placed"; round += 1) {
      if (!(await this.#makeRoom(placement.kind, target, version, rule))) break;
      placement = await this.#reserve(target, version, rule);
    }
    return placement;
  }

  /**
   * Reserves an environment that nobody has asked for yet: of what is left over, with some to spare
   * for whoever comes meanwhile. Takes nothing from anybody.
   */
  placeAhead(target: Target, version: VersionRecord): Promise<Placement> {
    const { functions, fleet, clock, accountConcurrency } = this.#parts;
    const rule = concurrencyRule(functions, target.functionName, accountConcurrency);
    const headroom = routerLimits.preWarmHeadroom;
    const needs = { memoryMb: version.memoryMb, headroom };
    const workerIds = fleet.candidates(version.runtime, clock.nowMs(), needs);
    const reason: ColdStartReason = { kind: "pre-warmed" };
    return this.#reserve(target, version, withHeadroom(rule, headroom), { workerIds, reason });
  }

  async #reserve(
    target: Target,
    version: VersionRecord,
    rule: ConcurrencyRule,
    ahead?: { readonly workerIds: readonly string[]; readonly reason: ColdStartReason },
  ): Promise<Placement> {
    const { leases, fleet, clock } = this.#parts;
    const { memoryMb, runtime } = version;
    const nowMs = clock.nowMs();
    const environmentId = randomBytes(16).toString("hex");
    const workerIds = ahead?.workerIds ?? fleet.candidates(runtime, nowMs);
    const { functionName } = target;
    const request = { environmentId, functionName, memoryMb, workerIds, ...rule };
    const result = await leases.reserve(request);
    if (result.outcome !== "granted") {
      if (result.outcome === "worker-full") return { kind: "no-memory" };
      if (result.outcome === "unknown-worker") return { kind: "no-worker" };
      return { kind: result.outcome };
    }
    const reason = ahead?.reason ?? fleet.coldStartReason(target, version, nowMs);
    fleet.granted(result.workerId, target, version, nowMs);
    const grant = { environmentId, memoryMb, reason };
    return { kind: "placed", workerId: result.workerId, grant };
  }

  /** True when something was given up, so that trying again makes sense. */
  async #makeRoom(
    lack: Exclude<Placement["kind"], "placed">,
    target: Target,
    version: VersionRecord,
    rule: ConcurrencyRule,
  ): Promise<boolean> {
    if (lack === "no-worker") return false;
    const { fleet, clock } = this.#parts;
    const nowMs = clock.nowMs();
    const workerIds = fleet.candidates(version.runtime, nowMs);
    const freeMb = new Map(workerIds.map((id) => [id, fleet.freeMb(id, nowMs)]));
    const idle = fleet.idleEnvironments(nowMs).map((each) => this.#valued(each));
    const need = { lack, target, memoryMb: version.memoryMb, rule, freeMb };
    const why = `room for ${target.functionName}: ${lack}`;
    const victims = chooseVictims(idle, need);
    const gone = await Promise.all(victims.map((each) => this.#reclaim(each, target, why)));
    return gone.some((count) => count > 0);
  }

  async #reclaim(victims: Victims, exceptTarget: Target, why: string): Promise<number> {
    const { fleet, workers } = this.#parts;
    const { workerId, target } = victims;
    const { functionName } = target;
    const count = Math.min(victims.count, routerLimits.reclaimedAtOnce);
    const forFunction = exceptTarget.functionName;
    const request = { functionName, exceptTarget, count, forFunction, why };
    const gone = await workers.reclaim(workerId, request);
    fleet.reclaimed(workerId, target, gone.length);
    return gone.length;
  }

  #valued(idle: IdleEnvironments): ValuedIdle {
    const { functions, histories } = this.#parts;
    const { functionName, version } = idle.target;
    const memoryMb = functions.getVersion(functionName, version)?.memoryMb ?? shared.memoryMbMin;
    const histogram = histories.histogramOf(idle.target);
    return { ...idle, memoryMb, value: keepingValue({ ...idle, memoryMb, histogram }) };
  }
}
