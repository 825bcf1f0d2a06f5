/** The sandboxes of one provider: those that live and those that are being made. */
import { SandboxError } from "../errors.ts";
import { sandboxLimits } from "../limits.ts";
import type { Sandbox } from "../port.ts";

export class Residents {
  readonly #living = new Map<string, Sandbox>();
  readonly #starting = new Map<string, Promise<unknown>>();
  #closed = false;

  /** Throws when the provider was closed. */
  checkOpen(): void {
    if (this.#closed) throw new SandboxError("the sandbox provider is closed");
  }

  /** Takes in what `make` makes, unless its id is taken or there are too many. */
  async admit<T extends Sandbox>(sandboxId: string, make: () => Promise<T>): Promise<T> {
    this.#checkRoom(sandboxId);
    const made = make();
    this.#starting.set(sandboxId, made);
    try {
      const sandbox = await made;
      this.#living.set(sandboxId, sandbox);
      return sandbox;
    } finally {
      this.#starting.delete(sandboxId);
    }
  }

  leave(sandboxId: string): void {
    this.#living.delete(sandboxId);
  }

  /** Nobody is admitted any more; resolves when the last one is destroyed. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#starting.values());
    await Promise.all([...this.#living.values()].map((sandbox) => sandbox.destroy()));
  }

  #checkRoom(sandboxId: string): void {
    this.checkOpen();
    if (this.#living.has(sandboxId) || this.#starting.has(sandboxId)) {
      throw new SandboxError(`sandbox ${sandboxId} exists`);
    }
    if (this.#living.size + this.#starting.size >= sandboxLimits.sandboxes) {
      throw new SandboxError(
        `more than ${String(sandboxLimits.sandboxes)} sandboxes on one worker`,
      );
    }
  }
}
