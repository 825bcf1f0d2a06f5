import { runtimeLimits } from "./limits.ts";

/**
 * Collects bytes of unknown number up to a bound. It copies: a sender who sends a byte at a time
 * costs bytes, not objects, and no receive buffer is kept alive by a small piece of it.
 */
export class ByteAccumulator {
  readonly #maxBytes: number;
  #buffer: Buffer | undefined;
  #byteCount = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get byteCount(): number {
    return this.#byteCount;
  }

  /** False, and nothing kept, when the bound would be passed. */
  append(bytes: Uint8Array): boolean {
    const total = this.#byteCount + bytes.length;
    if (total > this.#maxBytes) return false;
    this.#reserve(total).set(bytes, this.#byteCount);
    this.#byteCount = total;
    return true;
  }

  /** What was collected; the accumulator is empty afterwards. */
  take(): Buffer {
    const taken = this.#buffer?.subarray(0, this.#byteCount) ?? Buffer.alloc(0);
    this.#buffer = undefined;
    this.#byteCount = 0;
    return taken;
  }

  #reserve(total: number): Buffer {
    const current = this.#buffer;
    if (current !== undefined && current.length >= total) return current;
    const doubled = Math.max(runtimeLimits.initialBodyBytes, (current?.length ?? 0) * 2);
    const grown = Buffer.allocUnsafe(Math.max(total, Math.min(doubled, this.#maxBytes)));
    if (current !== undefined) current.copy(grown, 0, 0, this.#byteCount);
    this.#buffer = grown;
    return grown;
  }
}
