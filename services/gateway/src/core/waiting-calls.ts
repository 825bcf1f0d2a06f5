import type { PaddockError } from "@paddock/contracts";

/** A caller that waits for the end of something that was sent away. */
export interface WaitingCall {
  readonly reject: (error: PaddockError) => void;
  /**
   * Present where workers and routers say, again and again, who has it in hand: called once when
   * nobody has said so for too long, for what the caller is to be told.
   */
  readonly lost?: () => PaddockError;
}

interface Entry {
  readonly call: WaitingCall;
  /** Checks since somebody named it last. Not a time: after a pause of this process, what it has not read yet counts too. */
  unnamedChecks: number;
}

/** All callers that wait, by request id. */
export class WaitingCalls {
  readonly #entries = new Map<string, Entry>();
  readonly #checksUntilLost: number;

  constructor(checksUntilLost: number) {
    this.#checksUntilLost = checksUntilLost;
  }

  add(requestId: string, call: WaitingCall): void {
    this.#entries.set(requestId, { call, unnamedChecks: 0 });
  }

  remove(requestId: string): void {
    this.#entries.delete(requestId);
  }

  /** Somebody has these in hand, or they have just been sent. */
  named(requestIds: readonly string[]): void {
    for (const requestId of requestIds) {
      const entry = this.#entries.get(requestId);
      if (entry !== undefined) entry.unnamedChecks = 0;
    }
  }

  /** Nobody could say anything: the count begins anew. */
  forgiveAll(): void {
    for (const entry of this.#entries.values()) entry.unnamedChecks = 0;
  }

  /** To be called at a steady interval: ends the calls that nobody has in hand. */
  check(): void {
    for (const [requestId, entry] of this.#entries) {
      const { lost, reject } = entry.call;
      if (lost === undefined) continue;
      entry.unnamedChecks += 1;
      if (entry.unnamedChecks < this.#checksUntilLost) continue;
      this.#entries.delete(requestId);
      reject(lost());
    }
  }

  rejectAll(error: PaddockError): void {
    for (const { call } of this.#entries.values()) call.reject(error);
    this.#entries.clear();
  }
}
