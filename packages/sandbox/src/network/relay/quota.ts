/** Counts what is in progress, for each sandbox and in all: no function uses up what others need. */
export class Quota {
  readonly #eachMax: number;
  readonly #allMax: number;
  readonly #counts = new Map<string, number>();
  #all = 0;

  constructor(eachMax: number, allMax: number) {
    this.#eachMax = eachMax;
    this.#allMax = allMax;
  }

  /** False where there is no room; otherwise `leave` has to follow once. */
  enter(who: string): boolean {
    const count = this.#counts.get(who) ?? 0;
    if (count >= this.#eachMax || this.#all >= this.#allMax) return false;
    this.#counts.set(who, count + 1);
    this.#all += 1;
    return true;
  }

  leave(who: string): void {
    const count = this.#counts.get(who) ?? 0;
    if (count <= 1) this.#counts.delete(who);
    else this.#counts.set(who, count - 1);
    this.#all -= 1;
  }
}
