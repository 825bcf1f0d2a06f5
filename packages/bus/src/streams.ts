import {
  AckPolicy,
  type ConsumerConfig,
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from "@nats-io/jetstream";
import { Kvm } from "@nats-io/kv";
import { nanos } from "@nats-io/nats-core";
import { Objm } from "@nats-io/obj";
import type { AsyncInvocation, FateBatch, UsageBatch } from "@paddock/contracts";
import type { Bus } from "./bus.ts";
import type { DurableChannel, StreamName } from "./channel.ts";
import { linkOf } from "./connection.ts";
import { busLimits } from "./limits.ts";
import {
  channels,
  codeBucket,
  type Fixed,
  kvBuckets,
  type OfFunction,
  type OfPath,
} from "./subjects.ts";

/** The streams, their consumers and the buckets: names, retention and bounds. */

const commonStream = {
  storage: StorageType.File,
  num_replicas: 1,
  duplicate_window: nanos(busLimits.duplicateWindowMs),
} as const;

const streams: Record<StreamName, Partial<StreamConfig>> = {
  // Interest: a message stays until both consumers have acknowledged it. A full stream refuses.
  ACCEPTED: {
    ...commonStream,
    subjects: [channels.accepted.pattern()],
    retention: RetentionPolicy.Interest,
    discard: DiscardPolicy.New,
    max_bytes: busLimits.acceptedStreamBytes,
  },
  LEDGER: {
    ...commonStream,
    subjects: [channels.usage.pattern(), channels.fate.pattern()],
    retention: RetentionPolicy.Workqueue,
    discard: DiscardPolicy.New,
    max_bytes: busLimits.ledgerStreamBytes,
  },
  LOGS: {
    ...commonStream,
    subjects: [channels.logs.pattern()],
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    max_age: nanos(busLimits.logsAgeMs),
    max_bytes: busLimits.logsStreamBytes,
  },
  EVENTS: {
    ...commonStream,
    subjects: [channels.events.pattern()],
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    max_age: nanos(busLimits.eventsAgeMs),
    max_bytes: busLimits.eventsStreamBytes,
  },
};

/**
 * One value for each function version that is deployed. What was learned may be forgotten: a function
 * that is not used for so long has nothing to keep.
 */
const idleHistoryBounds = {
  ttl: busLimits.idleHistoryAgeMs,
  maxValueSize: busLimits.idleHistoryValueBytes,
} as const;

/** A durable consumer: who takes which channel's messages. */
export interface DurableConsumer<A extends object, Document> {
  readonly name: string;
  readonly channel: DurableChannel<A, Document>;
}

function durableConsumer<A extends object, Document>(
  name: string,
  channel: DurableChannel<A, Document>,
): DurableConsumer<A, Document> {
  return { name, channel };
}

interface Consumers {
  readonly router: DurableConsumer<OfFunction, AsyncInvocation>;
  readonly meter: DurableConsumer<OfFunction, AsyncInvocation>;
  readonly meterUsage: DurableConsumer<Fixed, UsageBatch>;
  readonly meterFate: DurableConsumer<Fixed, FateBatch>;
  readonly streams: DurableConsumer<OfPath, undefined>;
}

export const consumers: Consumers = {
  router: durableConsumer("router", channels.accepted),
  meter: durableConsumer("meter", channels.accepted),
  meterUsage: durableConsumer("meter-usage", channels.usage),
  meterFate: durableConsumer("meter-fate", channels.fate),
  streams: durableConsumer("streams", channels.events),
};

const allConsumers = [
  consumers.router,
  consumers.meter,
  consumers.meterUsage,
  consumers.meterFate,
  consumers.streams,
];

/**
 * Makes what is missing and leaves what is there; any number of services may call it at once. A
 * publisher calls it before it publishes: without its consumers ACCEPTED keeps nothing.
 */
export async function ensureStreams(bus: Bus): Promise<void> {
  const { jetstream } = linkOf(bus);
  const manager = await jetstreamManager(linkOf(bus).connection, {
    timeout: busLimits.managementTimeoutMs,
  });
  for (const [name, config] of Object.entries(streams)) await ensureStream(manager, name, config);
  for (const consumer of allConsumers) {
    await ensureConsumer(manager, consumer.channel.stream, {
      durable_name: consumer.name,
      filter_subject: consumer.channel.pattern(),
      ack_policy: AckPolicy.Explicit,
      ack_wait: nanos(busLimits.ackWaitMs),
      max_ack_pending: busLimits.ackPending,
      max_deliver: -1,
      deliver_policy: DeliverPolicy.All,
    });
  }
  const buckets = new Kvm(jetstream);
  for (const bucket of Object.values(kvBuckets)) {
    const bounds = bucket === kvBuckets.idleHistory ? idleHistoryBounds : {};
    await buckets.create(bucket, { history: 1, ...bounds });
  }
  await new Objm(jetstream).create(codeBucket, {
    storage: StorageType.File,
    max_bytes: busLimits.codeStoreBytes,
  });
}

/** Error codes of JetStream's API. Source: nats-server/server/errors.json. */
const STREAM_NAME_IN_USE = 10_058;
const CONSUMER_NAME_EXISTS = 10_105;
const CONSUMER_ALREADY_EXISTS = 10_148;

async function ensureStream(
  manager: JetStreamManager,
  name: string,
  config: Partial<StreamConfig>,
): Promise<void> {
  try {
    await manager.streams.add({ name, ...config });
  } catch (error) {
    // An older Paddock made it with other bounds: bring it up to date.
    if (!isApiError(error, STREAM_NAME_IN_USE)) throw error;
    await manager.streams.update(name, config);
  }
}

async function ensureConsumer(
  manager: JetStreamManager,
  stream: string,
  config: Partial<ConsumerConfig>,
): Promise<void> {
  try {
    await manager.consumers.add(stream, config);
  } catch (error) {
    if (!isApiError(error, CONSUMER_NAME_EXISTS) && !isApiError(error, CONSUMER_ALREADY_EXISTS)) {
      throw error;
    }
  }
}

export function isApiError(error: unknown, code: number): boolean {
  return error instanceof JetStreamApiError && error.code === code;
}
