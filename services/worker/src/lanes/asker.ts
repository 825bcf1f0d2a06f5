/** Who waits for the answer to an invocation, and may be passed on to somebody else. */
import type { BusMessage, HeldInvocations } from "@paddock/bus";
import type { InvocationResult } from "@paddock/contracts";

/** What both kinds of message have in common: somebody waits for an InvocationResult. */
export type Asker = Pick<
  BusMessage<object, unknown, InvocationResult>,
  "respond" | "forward" | "payload"
>;

/** From now until it is answered or passed on, the invocation is in this worker's hands. */
export class HeldAsker implements Asker {
  readonly #held: HeldInvocations;
  readonly #requestId: string;
  readonly #message: Asker;

  constructor(held: HeldInvocations, requestId: string, message: Asker) {
    this.#held = held;
    this.#requestId = requestId;
    this.#message = message;
    held.add(requestId);
  }

  get payload(): Uint8Array {
    return this.#message.payload;
  }

  readonly respond: Asker["respond"] = (...answer) => {
    this.#held.delete(this.#requestId);
    this.#message.respond(...answer);
  };

  readonly forward: Asker["forward"] = (...next) => {
    this.#held.delete(this.#requestId);
    this.#message.forward(...next);
  };
}
