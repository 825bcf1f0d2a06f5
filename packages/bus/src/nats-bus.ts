import { errors, headers, type Msg, type MsgHdrs, type NatsConnection } from "@nats-io/nats-core";
import type { Bus, BusMessage, BusProblem, BusReply, BusSubscription } from "./bus.ts";
import type { Channel } from "./channel.ts";
import { BusUnavailableError, NoRespondersError, RequestTimeoutError } from "./errors.ts";
import { askerOf, Forwarding } from "./forwarding.ts";
import { decodeMessage, encodeMessage, MalformedMessageError } from "./frame.ts";
import { externalReplyPrefixes } from "./subjects.ts";

/** The bus over one NATS connection. Callbacks only: no iterator or promise per message. */
export class NatsBus implements Bus {
  readonly #connection: NatsConnection;
  readonly #forwarding: Forwarding;
  readonly #report: (problem: BusProblem) => void;
  readonly #onDisconnect = new Set<() => void>();
  readonly #onReconnect = new Set<() => void>();
  #isConnected = true;
  #malformedMessages = 0;

  constructor(connection: NatsConnection, report: (problem: BusProblem) => void) {
    this.#connection = connection;
    this.#forwarding = new Forwarding(connection);
    this.#report = report;
  }

  get isConnected(): boolean {
    return this.#isConnected && !this.#connection.isClosed();
  }

  get malformedMessages(): number {
    return this.#malformedMessages;
  }

  publish<A extends object, Document, Reply>(
    channel: Channel<A, Document, Reply>,
    address: A,
    document: Document,
    payload?: Uint8Array,
  ): void {
    const bytes = encodeMessage(channel.shape, document, payload);
    this.#connection.publish(channel.subject(address), bytes);
  }

  // oxlint-disable-next-line max-params -- the same order as `publish`; an object less per invocation
  async request<A extends object, Document, Reply>(
    channel: Channel<A, Document, Reply>,
    address: A,
    document: Document,
    payload: Uint8Array | undefined,
    options: { readonly timeoutMs: number },
  ): Promise<BusReply<Reply>> {
    const { reply } = channel;
    if (reply === undefined) throw new TypeError(`nobody answers on the channel ${channel.name}`);
    const subject = channel.subject(address);
    const bytes = encodeMessage(channel.shape, document, payload);
    let message: Msg;
    try {
      message = await this.#connection.request(subject, bytes, { timeout: options.timeoutMs });
    } catch (error) {
      throw requestError(subject, error);
    }
    const decoded = decodeMessage(reply, message.data);
    return { ...decoded, header: (name) => headerOf(message.headers, name) };
  }

  subscribe<A extends object, Document, Reply>(
    channel: Channel<A, Document, Reply>,
    address: Partial<A>,
    handler: (message: BusMessage<A, Document, Reply>) => void | Promise<void>,
  ): BusSubscription {
    const subscription = this.#connection.subscribe(channel.pattern(address), {
      ...(channel.queueGroup === undefined ? {} : { queue: channel.queueGroup }),
      callback: (error, message) => {
        if (error === null) this.#receive(channel, message, handler);
        else this.#report({ kind: "connection", error });
      },
    });
    return {
      stop: () => subscription.unsubscribe(),
      drain: () => this.settledOrLost(subscription.drain()),
    };
  }

  onDisconnect(listener: () => void): () => void {
    this.#onDisconnect.add(listener);
    return () => this.#onDisconnect.delete(listener);
  }

  onReconnect(listener: () => void): () => void {
    this.#onReconnect.add(listener);
    return () => this.#onReconnect.delete(listener);
  }

  flush(): Promise<void> {
    return this.#connection.flush();
  }

  async close(): Promise<void> {
    if (this.#connection.isClosed()) return;
    if (this.#isConnected) await this.settledOrLost(this.#connection.drain());
    await this.#connection.close();
  }

  /**
   * For what the server has to answer at the end: resolves when it has, and at once when the
   * connection is lost, for then there is nothing left to wait for. Never rejects.
   */
  async settledOrLost(work: Promise<unknown>): Promise<void> {
    const { promise: lost, resolve } = Promise.withResolvers<void>();
    const forget = this.onDisconnect(resolve);
    if (!this.#isConnected) resolve();
    await Promise.race([work.catch(() => undefined), lost]);
    forget();
  }

  /** Called by the connection's watcher. */
  connectionLost(): void {
    this.#isConnected = false;
    for (const listener of this.#onDisconnect) listener();
  }

  connectionRestored(): void {
    this.#isConnected = true;
    for (const listener of this.#onReconnect) listener();
  }

  countMalformed(subject: string, error: Error): void {
    this.#malformedMessages += 1;
    this.#report({ kind: "malformed-message", subject, error });
  }

  #receive<A extends object, Document, Reply>(
    channel: Channel<A, Document, Reply>,
    raw: Msg,
    handler: (message: BusMessage<A, Document, Reply>) => void | Promise<void>,
  ): void {
    let message: BusMessage<A, Document, Reply>;
    try {
      message = new ReceivedMessage(this.#connection, this.#forwarding, channel, raw);
    } catch (error) {
      this.countMalformed(raw.subject, error instanceof Error ? error : new Error(String(error)));
      return;
    }
    const failed = (error: unknown): void =>
      this.#report({ kind: "handler-failed", subject: raw.subject, error });
    try {
      const result = handler(message);
      if (result !== undefined) result.catch(failed);
    } catch (error) {
      failed(error);
    }
  }
}

class ReceivedMessage<A extends object, Document, Reply> implements BusMessage<A, Document, Reply> {
  readonly address: A;
  readonly document: Document;
  readonly payload: Uint8Array;
  readonly expectsReply: boolean;
  readonly #connection: NatsConnection;
  readonly #forwarding: Forwarding;
  readonly #channel: Channel<A, Document, Reply>;
  readonly #raw: Msg;
  readonly #asker: string | undefined;

  // oxlint-disable-next-line max-params -- an object less per message
  constructor(
    connection: NatsConnection,
    forwarding: Forwarding,
    channel: Channel<A, Document, Reply>,
    raw: Msg,
  ) {
    const address = channel.parse(raw.subject);
    if (address === undefined) throw new MalformedMessageError(`not a subject of ${channel.name}`);
    // An external client could name any subject for its answer, and have us publish there.
    const asker = askerOf(raw);
    if (channel.external && asker !== undefined && !isPublicReply(asker)) {
      throw new MalformedMessageError(`no answer goes to ${asker}: it is no inbox`);
    }
    const { document, payload } = decodeMessage(channel.shape, raw.data);
    this.address = address;
    this.document = document;
    this.payload = payload;
    this.expectsReply = asker !== undefined;
    this.#connection = connection;
    this.#forwarding = forwarding;
    this.#asker = asker;
    this.#channel = channel;
    this.#raw = raw;
  }

  header(name: string): string | undefined {
    return headerOf(this.#raw.headers, name);
  }

  respond(document: Reply, payload?: Uint8Array, extra?: Readonly<Record<string, string>>): void {
    const { reply } = this.#channel;
    if (reply === undefined || this.#asker === undefined) return;
    const bytes = encodeMessage(reply, document, payload);
    if (extra === undefined) {
      this.#connection.publish(this.#asker, bytes);
      return;
    }
    const messageHeaders = headers();
    for (const [name, value] of Object.entries(extra)) messageHeaders.set(name, value);
    this.#connection.publish(this.#asker, bytes, { headers: messageHeaders });
  }

  // oxlint-disable-next-line max-params -- the same order as `publish`
  forward<A2 extends object, Document2>(
    channel: Channel<A2, Document2, Reply>,
    address: A2,
    document: Document2,
    payload?: Uint8Array,
    onUndelivered?: () => void,
  ): void {
    const bytes = encodeMessage(channel.shape, document, payload);
    const subject = channel.subject(address);
    const asker = this.#asker;
    if (asker === undefined) this.#connection.publish(subject, bytes);
    else if (onUndelivered === undefined)
      this.#connection.publish(subject, bytes, { reply: asker });
    else this.#forwarding.publish({ subject, bytes, asker, onUndelivered });
  }
}

function isPublicReply(subject: string): boolean {
  return externalReplyPrefixes.some((prefix) => subject.startsWith(`${prefix}.`));
}

export function headerOf(all: MsgHdrs | undefined, name: string): string | undefined {
  return all?.has(name) === true ? all.get(name) : undefined;
}

function requestError(subject: string, error: unknown): Error {
  const cause = error instanceof errors.RequestError ? error.cause : error;
  if (cause instanceof errors.NoRespondersError) {
    return new NoRespondersError(`nobody subscribes to ${subject}`);
  }
  if (cause instanceof errors.TimeoutError) {
    return new RequestTimeoutError(`no answer from ${subject} in time`);
  }
  return new BusUnavailableError(`the request on ${subject} was not sent`, { cause: error });
}
