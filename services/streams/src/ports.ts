import type { AsyncInvocation } from "@paddock/contracts";

/** Where matched events go: the stream ACCEPTED. */
export interface AcceptedInvocations {
  /**
   * Resolves when the invocation is stored and will run. The same request id offered again soon
   * after is stored once. Rejects when it is not known to be stored: offer it again later.
   */
  accept(invocation: AsyncInvocation, event: Uint8Array): Promise<void>;
}

/** One message of the stream EVENTS; exactly one of `ack` and `retry` is called. */
export interface ReceivedEvent {
  /** What follows `events.` in the subject. */
  readonly path: string;
  readonly payload: Uint8Array;
  readonly streamSequence: number;
  readonly storedAtMs: number;
  /** Every match is accepted, or there is none, or the event cannot be read: it is done with. */
  ack(): void;
  /** It comes again after `delayMs`. */
  retry(delayMs: number): void;
  /** Still at work: it must not come again yet. */
  extend(): void;
}

/** What the service says about its work. */
export interface IntakeReport {
  /** An event that no function can ever get; it is dropped. `poisonEvents` counts since the start. */
  poison(event: ReceivedEvent, reason: string, poisonEvents: number): void;
  /** ACCEPTED did not take an invocation; its event comes again. */
  refused(event: ReceivedEvent, error: unknown): void;
}
