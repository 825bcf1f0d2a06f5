import { DeliverPolicy, type JsMsg } from "@nats-io/jetstream";
import type { LogBatch } from "@paddock/contracts";
import type { Bus } from "./bus.ts";
import { linkOf } from "./connection.ts";
import { decodeMessage } from "./frame.ts";
import { busLimits } from "./limits.ts";
import { NatsBus } from "./nats-bus.ts";
import { channels } from "./subjects.ts";

export interface ReadLogsOptions {
  readonly functionName: string;
  /** Batches stored before this are left out. */
  readonly startMs: number;
  /** True: go on with what is written from now, until `signal` aborts. */
  readonly follow: boolean;
  readonly signal?: AbortSignal;
}

export interface StoredLogBatch {
  readonly batch: LogBatch;
  /** Position in the stream: grows, and is the same for every reader. */
  readonly sequence: number;
  readonly storedAtMs: number;
}

/** One function's log batches in the order in which they were stored. */
export async function* readLogs(
  bus: Bus,
  options: ReadLogsOptions,
): AsyncGenerator<StoredLogBatch> {
  const { jetstream } = linkOf(bus);
  const consumer = await jetstream.consumers.get(channels.logs.stream, {
    filter_subjects: channels.logs.pattern({ functionName: options.functionName }),
    deliver_policy: DeliverPolicy.StartTime,
    opt_start_time: new Date(options.startMs).toISOString(),
  });
  const left = (await consumer.info(true)).num_pending;
  if ((left === 0 && !options.follow) || options.signal?.aborted === true) {
    await consumer.delete();
    return;
  }
  const messages = await consumer.consume({ max_messages: busLimits.logReadAhead });
  const stop = (): void => void messages.close();
  options.signal?.addEventListener("abort", stop, { once: true });
  try {
    for await (const message of messages) {
      const stored = readBatch(bus, message);
      if (stored !== undefined) yield stored;
      if (!options.follow && message.info.pending === 0) break;
    }
  } finally {
    options.signal?.removeEventListener("abort", stop);
    await messages.close();
    if (bus.isConnected) await consumer.delete().catch(() => undefined);
  }
}

function readBatch(bus: Bus, message: JsMsg): StoredLogBatch | undefined {
  try {
    const { document } = decodeMessage(channels.logs.shape, message.data);
    return {
      batch: document,
      sequence: message.info.streamSequence,
      storedAtMs: Math.floor(message.info.timestampNanos / 1e6),
    };
  } catch (error) {
    const problem = error instanceof Error ? error : new Error(String(error));
    if (bus instanceof NatsBus) bus.countMalformed(message.subject, problem);
    return undefined;
  }
}
