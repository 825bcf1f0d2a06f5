import type { AsyncInvocation, ScheduleTrigger } from "@paddock/contracts";

/** Where due schedules go: the stream ACCEPTED. */
export interface AcceptedInvocations {
  /**
   * Resolves when the invocation is stored and will run. The same request id offered again soon
   * after is stored once. Rejects when it is not known to be stored: offer it again.
   */
  accept(invocation: AsyncInvocation, event: Uint8Array): Promise<void>;
}

/** Time, so that tests need not wait for it. */
/** What was fired, beyond the life of a process. */
export interface FiringMemory {
  /** The last due time of the trigger that was accepted; 0 where there was none. */
  firedUpToMs(triggerId: string): number;
  /** Best effort: without it the next start may offer the same request id once more. */
  remember(triggerId: string, dueMs: number): Promise<void>;
}

export interface Clock {
  nowMs(): number;
  /** Calls back once, no earlier than asked; returns what takes it back. */
  callAfter(ms: number, callback: () => void): () => void;
}

/** What the service says about its work. */
export interface FiringReport {
  fired(trigger: ScheduleTrigger, dueMs: number): void;
  /** A due time passed by more than the catch-up window and is not fired. */
  missed(trigger: ScheduleTrigger, dueMs: number): void;
  /** ACCEPTED did not take it; `isFinal`: it is not tried again. */
  refused(trigger: ScheduleTrigger, dueMs: number, error: unknown, isFinal: boolean): void;
}
