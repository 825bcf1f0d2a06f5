import { createInbox, headers, type Msg, type NatsConnection } from "@nats-io/nats-core";

/**
 * Passing a request on to one receiver, and learning at once when there is none. The server tells
 * only the one whose own inbox a message names for replies, so the message names the forwarder's,
 * and the one who asked travels in a header.
 */
const ASKER_HEADER = "Paddock-Reply";
const NO_RESPONDERS = 503;

/** Where an answer to the message goes. */
export function askerOf(message: Msg): string | undefined {
  const asker = message.headers?.has(ASKER_HEADER)
    ? message.headers.get(ASKER_HEADER)
    : message.reply;
  return asker === "" ? undefined : asker;
}

export interface Forwarded {
  readonly subject: string;
  readonly bytes: Uint8Array;
  readonly asker: string;
  readonly onUndelivered: () => void;
}

export class Forwarding {
  readonly #connection: NatsConnection;
  readonly #inbox = createInbox();
  readonly #underWay = new Map<string, () => void>();
  #subscribed = false;
  #count = 0;

  constructor(connection: NatsConnection) {
    this.#connection = connection;
  }

  publish({ subject, bytes, asker, onUndelivered }: Forwarded): void {
    this.#subscribe();
    this.#count += 1;
    const reply = `${this.#inbox}.${this.#count}`;
    const messageHeaders = headers();
    messageHeaders.set(ASKER_HEADER, asker);
    this.#underWay.set(reply, onUndelivered);
    this.#connection.publish(subject, bytes, { reply, headers: messageHeaders });
    // The server answers in order: what it has not refused before this returns, it has delivered.
    const forget = (): void => void this.#underWay.delete(reply);
    this.#connection.flush().then(forget, forget);
  }

  #subscribe(): void {
    if (this.#subscribed) return;
    this.#subscribed = true;
    this.#connection.subscribe(`${this.#inbox}.*`, {
      callback: (error, message) => {
        if (error !== null || message.headers?.code !== NO_RESPONDERS) return;
        const onUndelivered = this.#underWay.get(message.subject);
        this.#underWay.delete(message.subject);
        onUndelivered?.();
      },
    });
  }
}
