import { type Bus, channels, publishDurable } from "@paddock/bus";
import type { AsyncInvocation } from "@paddock/contracts";
import type { AcceptedInvocations } from "../ports.ts";

/** ACCEPTED; the request id is the message id, by which the stream knows what it has. */
export class BusAccepted implements AcceptedInvocations {
  readonly #bus: Bus;

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  async accept(invocation: AsyncInvocation, event: Uint8Array): Promise<void> {
    const { functionName, requestId } = invocation;
    await publishDurable(this.#bus, channels.accepted, { functionName }, invocation, event, {
      messageId: requestId,
    });
  }
}
