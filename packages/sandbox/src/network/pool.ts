/**
 * Networks made ahead: a sandbox that starts finds one ready. Each is used once, for what a function
 * leaves behind in one (connections that still close, counters) is nobody else's business.
 */
import { SandboxError } from "../errors.ts";
import { sandboxLimits } from "../limits.ts";

export interface Made<T> {
  make(): Promise<T>;
  discard(made: T): void;
}

interface Waiting<T> {
  readonly resolve: (made: T) => void;
  readonly reject: (error: Error) => void;
}

export class Pool<T> {
  readonly #of: Made<T>;
  readonly #ready: T[] = [];
  readonly #waiting: Waiting<T>[] = [];
  #making = 0;
  #closed = false;

  constructor(of: Made<T>) {
    this.#of = of;
    this.#refill();
  }

  /** Rejects with what went wrong where none can be made. */
  take(): Promise<T> {
    if (this.#closed) return Promise.reject(new SandboxError("the networks are closed"));
    const ready = this.#ready.shift();
    if (ready !== undefined) {
      this.#refill();
      return Promise.resolve(ready);
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#refill();
    });
  }

  close(): void {
    this.#closed = true;
    for (const made of this.#ready.splice(0)) this.#of.discard(made);
    for (const { reject } of this.#waiting.splice(0)) {
      reject(new SandboxError("the networks are closed"));
    }
  }

  #refill(): void {
    if (this.#closed) return;
    const missing = this.#waiting.length + sandboxLimits.networksAhead - this.#ready.length;
    const wanted = Math.min(missing, sandboxLimits.networksMadeAtOnce);
    while (this.#making < wanted) {
      this.#making += 1;
      void this.#make();
    }
  }

  /** After a failure nothing is made until somebody asks again: no loop that only fails. */
  async #make(): Promise<void> {
    try {
      const made = await this.#of.make();
      this.#making -= 1;
      this.#keep(made);
      this.#refill();
    } catch (error) {
      this.#making -= 1;
      this.#waiting.shift()?.reject(asError(error));
      if (this.#waiting.length > 0) this.#refill();
    }
  }

  #keep(made: T): void {
    if (this.#closed) {
      this.#of.discard(made);
      return;
    }
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#ready.push(made);
    else waiting.resolve(made);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new SandboxError(String(error));
}
