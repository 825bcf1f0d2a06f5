import { randomUUID } from "node:crypto";
import { type Bus, channels, HeldInvocations, watchFunctions } from "@paddock/bus";
import type { QueueConnection } from "@paddock/queue";
import type { Logger, RunningService } from "@paddock/service-kit";
import { takeAccepted } from "./accepted-intake.ts";
import { receiveApplicants } from "./adapters/bus-applicants.ts";
import { BusWorkers } from "./adapters/bus-workers.ts";
import { LedgerFates } from "./adapters/ledger-fates.ts";
import { RedisQueues } from "./adapters/redis-queues.ts";
import { Admission } from "./core/admission.ts";
import { Dispatcher } from "./core/dispatcher.ts";
import { Fleet } from "./core/fleet.ts";
import { IdleHistories } from "./core/idle-histories.ts";
import { LimitKeeper } from "./core/limit-keeper.ts";
import { Placer } from "./core/placement.ts";
import { DispatchLoop } from "./dispatch-loop.ts";
import { openIdleLearning } from "./idle-learning.ts";
import { expireLeases } from "./lease-expiry.ts";
import type { Clock } from "./ports.ts";

export interface RouterParts {
  /** Connected, its streams exist; the router closes both when it stops. */
  readonly bus: Bus;
  readonly queue: QueueConnection;
  readonly logger: Logger;
  readonly accountConcurrency: number;
  readonly keepAlivePolicy: "fixed" | "histogram";
}

/** Resolves when functions are known and invocations are taken. */
export async function startRouter(parts: RouterParts): Promise<RunningService> {
  const { bus, queue, logger, accountConcurrency } = parts;
  const clock: Clock = { nowMs: () => Date.now() };
  const functions = watchFunctions(bus);
  await functions.ready;
  const fleet = new Fleet();
  const workers = new BusWorkers(bus);
  const fates = new LedgerFates(bus);
  const queues = new RedisQueues(queue.queues);
  const { leases } = queue;
  const histories = new IdleHistories();
  const limited = { functions, leases, workers, fleet, clock, accountConcurrency };
  const placer = new Placer({ ...limited, histories });
  const onError = (error: unknown): void => logger.error({ error }, "an invocation was not placed");
  const keeper = new LimitKeeper(limited);
  const admission = new Admission({ functions, fleet, placer, clock, onError });
  const learning = await openIdleLearning({
    ...{ bus, functions, histories, fleet, placer, workers, clock, logger },
    waiting: () => admission.waiting,
    policy: parts.keepAlivePolicy,
  });
  const onRecovered = (requestIds: readonly string[]): void =>
    logger.warn({ requestIds }, "invocations that lost their worker wait again");
  const dispatcherParts = { queues, functions, workers, fleet, placer, fates, clock, onRecovered };
  const dispatcher = new Dispatcher(dispatcherParts);
  const loop = new DispatchLoop({
    term: queue.dispatchTerm,
    tick: async () => {
      await keeper.enforce();
      const pauseMs = await dispatcher.tick();
      await learning.look();
      return pauseMs;
    },
    onError: (error) => logger.error({ error }, "a look at the queues failed"),
  });
  const held = new HeldInvocations(bus, `router-${randomUUID()}`);
  const subscriptions = [
    bus.subscribe(channels.status, {}, ({ document }) => {
      fleet.heard(document, clock.nowMs());
      histories.heard(document, clock.nowMs());
    }),
    bus.subscribe(channels.queued, {}, () => loop.wake()),
    receiveApplicants({
      bus,
      held,
      admit: (applicant) => admission.admit(applicant),
      onWorkerGone: (workerId) => fleet.forget(workerId, clock.nowMs()),
    }),
  ];
  const expiry = expireLeases({ leases, fleet, logger });
  const onQueued = (): void => loop.wake();
  const intakeParts = { bus, functions, queues, fates, workers, clock, onQueued };
  const intake = await takeAccepted(intakeParts);
  loop.start();
  return {
    unhealthyBecause: () => unhealthyBecause(bus, queue),
    async stop() {
      queue.stopWaiting();
      await intake.stop();
      admission.stop();
      await Promise.all(subscriptions.map((each) => each.drain()));
      held.stop();
      expiry.stop();
      await loop.stop();
      functions.stop();
      await queue.close();
      await bus.close();
    },
  };
}

function unhealthyBecause(bus: Bus, queue: QueueConnection): string | undefined {
  if (!bus.isConnected) return "NATS cannot be reached";
  return queue.isConnected ? undefined : "Redis cannot be reached";
}
