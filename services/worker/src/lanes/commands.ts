/** What the router asks for beside invocations: room for others, and environments made ahead. */
import { type Bus, type BusSubscription, channels } from "@paddock/bus";
import type { ReclaimEnvironments, Target } from "@paddock/contracts";
import { targetKey, type WorkerPool } from "../environments/worker-pool.ts";

/** Idle environments are given up so that others fit. */
export function answerReclaims(bus: Bus, workerId: string, pool: WorkerPool): BusSubscription {
  return bus.subscribe(channels.reclaim, { workerId }, async (message) => {
    const { count, forFunction } = message.document;
    const accepts = acceptsFor(message.document);
    const environmentIds = await pool.reclaim(count, accepts, forFunction);
    message.respond({ environmentIds });
  });
}

/** Environments that the router foresees a need of. */
export function makePreWarmed(bus: Bus, workerId: string, pool: WorkerPool): BusSubscription {
  return bus.subscribe(channels.preWarm, { workerId }, ({ document }) => {
    void pool.grow(document.target, document.grant);
  });
}

function acceptsFor(request: ReclaimEnvironments): (target: Target) => boolean {
  const { functionName, exceptTarget } = request;
  const except = exceptTarget === undefined ? undefined : targetKey(exceptTarget);
  return (target) =>
    (functionName === undefined || target.functionName === functionName) &&
    targetKey(target) !== except;
}
