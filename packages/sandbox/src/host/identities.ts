/**
 * Host user ids that sandboxes run as. Each worker of the machine holds one range, by a lock that
 * the kernel lets go of when the worker ends, however it ends; each scratch directory holds one id
 * of the range, so that what one environment writes is never another's.
 */
import { closeSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { SandboxError } from "../errors.ts";
import { tryLock } from "../kernel/file-lock.ts";
import { sandboxLimits } from "../limits.ts";

export interface Identities {
  take(): number;
  giveBack(id: number): void;
  close(): void;
}

/** `lockDirectory` is shared by all workers of the machine. */
export function claimIdentities(lockDirectory: string): Identities {
  mkdirSync(lockDirectory, { recursive: true, mode: 0o711 });
  for (let range = 0; range < sandboxLimits.identityRanges; range += 1) {
    const lock = tryLock(join(lockDirectory, `identities-${String(range)}.lock`));
    if (lock !== undefined) {
      const first = sandboxLimits.firstIdentity + range * sandboxLimits.scratches;
      return new IdentityRange(first, lock);
    }
  }
  throw new SandboxError(
    `all ${String(sandboxLimits.identityRanges)} ranges of user ids are held by other workers (${lockDirectory})`,
  );
}

/** An ordinary user has but one id, and its sandboxes share it. */
export function ownIdentity(id: number): Identities {
  return { take: () => id, giveBack: () => undefined, close: () => undefined };
}

class IdentityRange implements Identities {
  readonly #first: number;
  readonly #free: number[] = [];
  readonly #lock: number;
  #used = 0;
  #closed = false;

  constructor(first: number, lock: number) {
    this.#first = first;
    this.#lock = lock;
  }

  take(): number {
    const again = this.#free.shift();
    if (again !== undefined) {
      return again;
    }
    if (this.#used >= sandboxLimits.scratches) {
      throw new SandboxError(`more than ${String(sandboxLimits.scratches)} scratch directories`);
    }
    this.#used += 1;
    return this.#first + this.#used - 1;
  }

  giveBack(id: number): void {
    this.#free.push(id);
  }

  close(): void {
    if (!this.#closed) {
      this.#closed = true;
      closeSync(this.#lock);
    }
  }
}
