/**
 * Queues that may have work. A hint is forgotten only if no newer one came while somebody looked:
 * otherwise a job that arrived in between would wait for the next hint.
 */
export interface QueueName {
  readonly functionName: string;
  readonly version: string;
}

export class QueueHints {
  readonly #marks = new Map<string, number>();
  #last = 0;

  add(queue: QueueName): void {
    this.#last += 1;
    this.#marks.set(keyOf(queue), this.#last);
  }

  has(queue: QueueName): boolean {
    return this.#marks.has(keyOf(queue));
  }

  /** To be given to `clear` after looking. */
  mark(queue: QueueName): number {
    return this.#marks.get(keyOf(queue)) ?? 0;
  }

  clear(queue: QueueName, seen: number): void {
    const key = keyOf(queue);
    if (this.#marks.get(key) === seen) this.#marks.delete(key);
  }
}

function keyOf({ functionName, version }: QueueName): string {
  return `${functionName}/${version}`;
}
