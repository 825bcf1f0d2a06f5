/** Indices of attempts that run, the one that ends first on top: a binary heap. */
export class RunningAttempts {
  readonly #endsMs: Float64Array;
  readonly #heap: number[] = [];

  constructor(endsMs: Float64Array) {
    this.#endsMs = endsMs;
  }

  get size(): number {
    return this.#heap.length;
  }

  add(index: number): void {
    this.#heap.push(index);
    let at = this.#heap.length - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#endAt(parent) <= this.#endAt(at)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  /** The one that ends first, if that is not after `nowMs`. */
  takeEnded(nowMs: number): number | undefined {
    const first = this.#heap[0];
    if (first === undefined || this.#endAt(0) > nowMs) return undefined;
    const last = this.#heap.pop();
    if (this.#heap.length > 0 && last !== undefined) {
      this.#heap[0] = last;
      this.#sink();
    }
    return first;
  }

  #sink(): void {
    for (let at = 0; ;) {
      const left = 2 * at + 1;
      const right = left + 1;
      const smaller = this.#endAt(right) < this.#endAt(left) ? right : left;
      if (this.#endAt(smaller) >= this.#endAt(at)) return;
      this.#swap(at, smaller);
      at = smaller;
    }
  }

  #swap(a: number, b: number): void {
    const [first, second] = [this.#heap[a], this.#heap[b]];
    if (first === undefined || second === undefined) return;
    this.#heap[a] = second;
    this.#heap[b] = first;
  }

  /** Infinity beyond the heap. */
  #endAt(position: number): number {
    const index = this.#heap[position];
    return index === undefined ? Infinity : (this.#endsMs[index] ?? Infinity);
  }
}
