import type { JsMsg, JetStreamClient } from "@nats-io/jetstream";
import { JetStreamApiError } from "@nats-io/jetstream";
import { errors } from "@nats-io/nats-core";
import type { Bus } from "./bus.ts";
import type { DurableChannel } from "./channel.ts";
import { linkOf } from "./connection.ts";
import { DurablePublishError } from "./errors.ts";
import { decodeMessage, encodeMessage, MalformedMessageError } from "./frame.ts";
import { busLimits } from "./limits.ts";
import { headerOf, NatsBus } from "./nats-bus.ts";
import type { DurableConsumer } from "./streams.ts";

/** Publishing that is stored, and consuming that is acknowledged. At least once, in batches. */

/**
 * Resolves when the stream has stored the message. A message id that the stream has seen within
 * the duplicate window is stored once. Tries again a bounded number of times, then rejects with
 * DurablePublishError: the message is then not stored, or its storing could not be learnt.
 */
// oxlint-disable-next-line max-params -- the same order as `publish`, and what makes it durable last
export async function publishDurable<A extends object, Document>(
  bus: Bus,
  channel: DurableChannel<A, Document>,
  address: A,
  document: Document,
  payload: Uint8Array | undefined,
  options: { readonly messageId: string },
): Promise<{ readonly duplicate: boolean }> {
  const subject = channel.subject(address);
  const bytes = encodeMessage(channel.shape, document, payload);
  const { jetstream } = linkOf(bus);
  let cause: unknown;
  for (let attempt = 0; attempt < busLimits.durablePublishAttempts; attempt += 1) {
    if (attempt > 0) await pause(busLimits.durablePublishPauseMs * 2 ** (attempt - 1));
    try {
      return await publishOnce(jetstream, subject, bytes, options.messageId);
    } catch (error) {
      cause = error;
      if (!mayPass(error)) break;
    }
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  throw new DurablePublishError(`${channel.stream} did not store the message: ${reason}`, {
    cause,
  });
}

async function publishOnce(
  jetstream: JetStreamClient,
  subject: string,
  bytes: Uint8Array,
  messageId: string,
): Promise<{ readonly duplicate: boolean }> {
  const { duplicate } = await jetstream.publish(subject, bytes, {
    msgID: messageId,
    timeout: busLimits.durablePublishTimeoutMs,
    retries: 1,
  });
  return { duplicate };
}

/** A refusal of the stream (full, message too large) stays one; a missing answer may pass. */
function mayPass(error: unknown): boolean {
  const closed =
    error instanceof errors.ClosedConnectionError ||
    error instanceof errors.DrainingConnectionError;
  return !(error instanceof JetStreamApiError) && !closed;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export interface DurableMessage<A extends object, Document> {
  readonly address: A;
  readonly document: Document;
  readonly payload: Uint8Array;
  /** Times it was handed out before; 0 the first time. */
  readonly redeliveries: number;
  readonly streamSequence: number;
  /** When the stream stored it. */
  readonly storedAtMs: number;
  header(name: string): string | undefined;
  /** Done: it does not come again. */
  ack(): void;
  /** Not done: it comes again after `delayMs`. */
  nak(delayMs: number): void;
  /** Still at it: the time after which it comes again starts anew. */
  extend(): void;
}

export interface ConsumeOptions<A extends object, Document> {
  /** Most messages in one batch, up to `busLimits.consumeBatch`. */
  readonly batch: number;
  /**
   * Called with what has arrived, one batch at a time, in order; while it works the next batch
   * gathers. Acknowledges each message itself. When it rejects, the messages that it has not
   * answered come again.
   */
  readonly handler: (messages: readonly DurableMessage<A, Document>[]) => Promise<void>;
}

export interface DurableSubscription {
  /** Takes nothing more and resolves when the batch in work is done. */
  stop(): Promise<void>;
}

/** Several processes may consume by the same consumer: each message goes to one of them. */
export async function consume<A extends object, Document>(
  bus: Bus,
  consumer: DurableConsumer<A, Document>,
  options: ConsumeOptions<A, Document>,
): Promise<DurableSubscription> {
  const { jetstream, report, settledOrLost } = linkOf(bus);
  const source = await jetstream.consumers.get(consumer.channel.stream, consumer.name);
  const batches = new Batches(bus, consumer, options, report);
  const messages = await source.consume({
    max_messages: Math.min(options.batch, busLimits.consumeBatch),
    expires: busLimits.pullExpiresMs,
    idle_heartbeat: busLimits.pullHeartbeatMs,
    callback: (message) => batches.add(message),
  });
  return { stop: () => batches.stop(() => settledOrLost(messages.close())) };
}

/** Gathers messages while the handler is busy; bounded by the consumer's `ackPending`. */
class Batches<A extends object, Document> {
  readonly #bus: Bus;
  readonly #consumer: DurableConsumer<A, Document>;
  readonly #options: ConsumeOptions<A, Document>;
  readonly #report: ReturnType<typeof linkOf>["report"];
  #waiting: Taken<A, Document>[] = [];
  #working: Promise<void> | undefined;
  #stopped = false;

  constructor(
    bus: Bus,
    consumer: DurableConsumer<A, Document>,
    options: ConsumeOptions<A, Document>,
    report: ReturnType<typeof linkOf>["report"],
  ) {
    this.#bus = bus;
    this.#consumer = consumer;
    this.#options = options;
    this.#report = report;
  }

  add(raw: JsMsg): void {
    if (this.#stopped) {
      raw.nak();
      return;
    }
    const message = this.#take(raw);
    if (message === undefined) return;
    this.#waiting.push(message);
    // After the current burst was read from the socket, so that it makes one batch.
    this.#working ??= new Promise<void>((resolve) => setImmediate(resolve))
      .then(() => this.#work())
      .finally(() => (this.#working = undefined));
  }

  async stop(closeSource: () => Promise<void>): Promise<void> {
    this.#stopped = true;
    await closeSource();
    for (const message of this.#waiting) message.nak(0);
    this.#waiting = [];
    await this.#working;
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, this.#options.batch);
      try {
        await this.#options.handler(batch);
      } catch (error) {
        const subject = this.#consumer.channel.pattern();
        this.#report({ kind: "handler-failed", subject, error });
        for (const message of batch) message.nakUnlessAnswered(busLimits.handlerFailedPauseMs);
      }
    }
  }

  /** A message that does not fit its channel never will: it is ended, counted and reported. */
  #take(raw: JsMsg): Taken<A, Document> | undefined {
    try {
      return new Taken(this.#consumer.channel, raw);
    } catch (error) {
      raw.term();
      const problem = error instanceof Error ? error : new Error(String(error));
      if (this.#bus instanceof NatsBus) this.#bus.countMalformed(raw.subject, problem);
      return undefined;
    }
  }
}

class Taken<A extends object, Document> implements DurableMessage<A, Document> {
  readonly address: A;
  readonly document: Document;
  readonly payload: Uint8Array;
  readonly redeliveries: number;
  readonly streamSequence: number;
  readonly storedAtMs: number;
  readonly #raw: JsMsg;
  #answered = false;

  constructor(channel: DurableChannel<A, Document>, raw: JsMsg) {
    const address = channel.parse(raw.subject);
    if (address === undefined) throw new MalformedMessageError(`not a subject of ${channel.name}`);
    const { document, payload } = decodeMessage(channel.shape, raw.data);
    this.address = address;
    this.document = document;
    this.payload = payload;
    this.redeliveries = raw.info.deliveryCount - 1;
    this.streamSequence = raw.info.streamSequence;
    this.storedAtMs = Math.floor(raw.info.timestampNanos / 1e6);
    this.#raw = raw;
  }

  header(name: string): string | undefined {
    return headerOf(this.#raw.headers, name);
  }

  ack(): void {
    this.#answered = true;
    this.#raw.ack();
  }

  nak(delayMs: number): void {
    this.#answered = true;
    this.#raw.nak(delayMs);
  }

  nakUnlessAnswered(delayMs: number): void {
    if (!this.#answered) this.nak(delayMs);
  }

  extend(): void {
    this.#raw.working();
  }
}
