import type { Channel } from "./channel.ts";

/** What a service does with the bus. Made by `connectBus`. */
export interface Bus {
  /** False between a lost connection and its return; what is published meanwhile may get lost. */
  readonly isConnected: boolean;
  /** Messages that did not fit their channel and were dropped since the start. */
  readonly malformedMessages: number;
  /** Sends one message. At most once: nobody may be there. Throws when the bus is closed. */
  publish<A extends object, Document, Reply>(
    channel: Channel<A, Document, Reply>,
    address: A,
    document: Document,
    payload?: Uint8Array,
  ): void;
  /**
   * Asks and waits for the first answer. Rejects with NoRespondersError at once when nobody
   * subscribes, RequestTimeoutError after `timeoutMs`, MalformedMessageError for a broken answer.
   */
  request<A extends object, Document, Reply>(
    channel: Channel<A, Document, Reply>,
    address: A,
    document: Document,
    payload: Uint8Array | undefined,
    options: { readonly timeoutMs: number },
  ): Promise<BusReply<Reply>>;
  /**
   * Calls the handler for each message whose address matches. Messages that do not fit the
   * channel's schema, and handlers that throw or reject, are reported through `onProblem`.
   * The channel's queue group is used where it has one.
   */
  subscribe<A extends object, Document, Reply>(
    channel: Channel<A, Document, Reply>,
    address: Partial<A>,
    handler: (message: BusMessage<A, Document, Reply>) => void | Promise<void>,
  ): BusSubscription;
  /** Each returns a function that removes the listener. */
  onDisconnect(listener: () => void): () => void;
  onReconnect(listener: () => void): () => void;
  /** Resolves when the server has all that was published before. */
  flush(): Promise<void>;
  /** Sends what is buffered and ends; waits for the server while there is one. Never rejects. */
  close(): Promise<void>;
}

export interface BusReply<Reply> {
  readonly document: Reply;
  readonly payload: Uint8Array;
  /** A header of the answer, undefined where it has none. */
  header(name: string): string | undefined;
}

export interface BusMessage<A extends object, Document, Reply> {
  readonly address: A;
  readonly document: Document;
  /** A view of the received bytes; copy what is to be kept for long. */
  readonly payload: Uint8Array;
  /** Somebody waits for an answer. */
  readonly expectsReply: boolean;
  header(name: string): string | undefined;
  /** Answers the one who asked; does nothing where nobody did. */
  respond(document: Reply, payload?: Uint8Array, headers?: Readonly<Record<string, string>>): void;
  /**
   * Sends a message on another channel whose receiver will answer the one who asked here.
   * `onUndelivered` is called when nobody receives it; without it, or with nobody who asked, nobody
   * learns of that.
   */
  forward<A2 extends object, Document2>(
    channel: Channel<A2, Document2, Reply>,
    address: A2,
    document: Document2,
    payload?: Uint8Array,
    onUndelivered?: () => void,
  ): void;
}

export interface BusSubscription {
  /** No further message is handled, not even one that is under way. */
  stop(): void;
  /**
   * Takes no new message, and resolves when those under way were handed to the handler, or the
   * server is gone. Never rejects.
   */
  drain(): Promise<void>;
}

export type BusProblem =
  /** A message does not fit its channel; it was dropped. */
  | { readonly kind: "malformed-message"; readonly subject: string; readonly error: Error }
  /** A handler threw or rejected. */
  | { readonly kind: "handler-failed"; readonly subject: string; readonly error: unknown }
  /** The server refused something (permissions) or the link broke. */
  | { readonly kind: "connection"; readonly error: Error };

export interface BusOptions {
  /** `nats://host:port`; several separated by commas. */
  readonly url: string;
  /** Absent: the external user without password. */
  readonly user?: string;
  readonly password?: string;
  /** Shown in the server's list of clients, such as `router`. */
  readonly name: string;
  readonly onProblem?: (problem: BusProblem) => void;
}
