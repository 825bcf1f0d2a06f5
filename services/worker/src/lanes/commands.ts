/** The router's requests for room: idle environments are given up so that others fit. */
import { type Bus, type BusSubscription, channels } from "@paddock/bus";
import type { ReclaimEnvironments, Target } from "@paddock/contracts";
import { targetKey, type WorkerPool } from "../environments/worker-pool.ts";

export function answerReclaims(bus: Bus, workerId: string, pool: WorkerPool): BusSubscription {
  return bus.subscribe(channels.reclaim, { workerId }, async (message) => {
    const { count } = message.document;
    const environmentIds = await pool.reclaim(count, acceptsFor(message.document));
    message.respond({ environmentIds });
  });
}

function acceptsFor(request: ReclaimEnvironments): (target: Target) => boolean {
  const { functionName, exceptTarget } = request;
  const except = exceptTarget === undefined ? undefined : targetKey(exceptTarget);
  return (target) =>
    (functionName === undefined || target.functionName === functionName) &&
    targetKey(target) !== except;
}
