import type { ConcurrencyLeases } from "@paddock/queue";
import type { Logger } from "@paddock/service-kit";
import type { Fleet } from "./core/fleet.ts";
import { routerLimits } from "./limits.ts";

export interface LeaseExpiryParts {
  readonly leases: Pick<ConcurrencyLeases, "expireWorkers">;
  readonly fleet: Fleet;
  readonly logger: Logger;
}

/** Frees, once a second, the leases of workers that fell silent. Any router may do it. */
export function expireLeases(parts: LeaseExpiryParts): { stop(): void } {
  const timer = setInterval(() => void expire(parts), routerLimits.expireLeasesMs);
  return { stop: () => clearInterval(timer) };
}

async function expire({ leases, fleet, logger }: LeaseExpiryParts): Promise<void> {
  try {
    for (const { workerId, environmentIds } of await leases.expireWorkers()) {
      fleet.forget(workerId, Date.now());
      const environments = environmentIds.length;
      logger.warn({ workerId, environments }, "a worker fell silent; its leases are free");
    }
  } catch (error) {
    logger.error({ error }, "leases of silent workers could not be freed");
  }
}
