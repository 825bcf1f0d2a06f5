import {
  type Bus,
  consume,
  consumers,
  type DurableMessage,
  type DurableSubscription,
} from "@paddock/bus";
import type { AsyncInvocation, FateRecord, InvocationJob } from "@paddock/contracts";
import { decideAccepted } from "./core/accepted-event.ts";
import { routerLimits } from "./limits.ts";
import type { Clock, FateLedger, FunctionLookup, Queues, WorkerCommands } from "./ports.ts";

/**
 * Accepted events into their queues. A batch is acknowledged after all of it is stored in Redis or
 * the ledger; dying in between repeats it, and a request id that its queue holds is passed over.
 */
export interface IntakeParts {
  readonly bus: Bus;
  readonly functions: FunctionLookup;
  readonly queues: Queues;
  readonly fates: FateLedger;
  readonly workers: WorkerCommands;
  readonly clock: Clock;
  /** New work is in the queues. */
  readonly onQueued: () => void;
}

type Message = DurableMessage<{ readonly functionName: string }, AsyncInvocation>;

export function takeAccepted(parts: IntakeParts): Promise<DurableSubscription> {
  return consume(parts.bus, consumers.router, {
    batch: routerLimits.acceptedBatch,
    handler: (messages) => takeBatch(parts, messages),
  });
}

async function takeBatch(parts: IntakeParts, messages: readonly Message[]): Promise<void> {
  const jobs: InvocationJob[] = [];
  const fates: FateRecord[] = [];
  const decided: Message[] = [];
  for (const message of messages) {
    const { document: invocation, payload: event } = message;
    const nowMs = parts.clock.nowMs();
    const accepted = { invocation, event, nowMs, random: Math.random };
    const decision = decideAccepted(parts.functions, accepted);
    if (decision.kind === "later") {
      message.nak(routerLimits.unknownFunctionPauseMs);
      continue;
    }
    if (decision.kind === "enqueue") jobs.push(decision.job);
    else fates.push(decision.fate);
    decided.push(message);
  }
  const [queued] = await Promise.all([parts.queues.addMany(jobs), parts.fates.record(fates)]);
  for (const message of decided) message.ack();
  for (const queue of queued) parts.workers.hint(queue);
  if (queued.length > 0) parts.onQueued();
}
