/**
 * One file of the usage journal: a JSON record per line, appended before the invocation is
 * answered. A write reaches the page cache before it returns, so it survives the death of this
 * process by any signal; it does not survive the loss of power (docs/design.md, Metering).
 */
import { closeSync, openSync, unlinkSync, writeSync } from "node:fs";

export class JournalSegment {
  readonly path: string;
  readonly #descriptor: number;
  #bytes = 0;
  #unacknowledged = 0;
  #closed = false;

  constructor(path: string) {
    this.path = path;
    this.#descriptor = openSync(path, "ax", 0o600);
  }

  get bytes(): number {
    return this.#bytes;
  }

  append(line: string): void {
    this.#bytes += writeSync(this.#descriptor, line);
    this.#unacknowledged += 1;
  }

  acknowledge(records: number): void {
    this.#unacknowledged -= records;
    this.#removeWhenDone();
  }

  /** Nothing more is appended; the file goes once all of it is acknowledged. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#descriptor);
    this.#removeWhenDone();
  }

  #removeWhenDone(): void {
    if (this.#closed && this.#unacknowledged === 0) unlinkSync(this.path);
  }
}
