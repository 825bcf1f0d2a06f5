/**
 * How fast one queue's environments may become more: 1, 2, 4 … at each look, for as long as more of
 * them do more. Pure: it knows what it is told at each look, and the time.
 *
 * Two things hold it back. Work that is nearly done needs nobody new. And once environments finish
 * markedly less each than they did when there were fewer, the machines have no more to give: another
 * environment would only cost its start. A function that waits (for a network, for a timer) keeps its
 * pace however many run, and so does whatever has not finished anything yet: both go on growing.
 */
import { routerLimits } from "../limits.ts";

export interface Look {
  readonly nowMs: number;
  /** Jobs that wait for an environment. */
  readonly ready: number;
  /** Jobs that have left the queue so far, counted from any beginning. */
  readonly finished: number;
  /** Environments of the target, those that are on their way included. */
  readonly environments: number;
}

export class Ramp {
  #step = 1;
  #looks: Look[] = [];
  /** The most that one environment of this queue has finished in a millisecond. */
  #bestPace = 0;

  /** How many environments more the queue may get now. */
  allowed(look: Look): number {
    const before = this.#lookBefore(look);
    if (before === undefined) return this.#step;
    const pace = (look.finished - before.finished) / (look.nowMs - before.nowMs);
    if (look.ready <= pace * routerLimits.nearlyDoneMs) return 0;
    // What was granted last has hardly begun: first see what it brings.
    if (look.environments > before.environments) return 0;
    const each = pace / Math.max(1, before.environments);
    this.#bestPace = Math.max(this.#bestPace, each);
    if (each >= this.#bestPace * routerLimits.worthwhilePaceShare) return this.#step;
    this.#step = 1;
    return 0;
  }

  /** Environments were granted: the next look may grant twice as many. */
  granted(): void {
    this.#step = Math.min(this.#step * 2, routerLimits.grantsPerTick);
  }

  /** The latest look since when enough was finished to tell a pace, if that is not long ago. */
  #lookBefore(look: Look): Look | undefined {
    const since = look.nowMs - routerLimits.paceWindowMs;
    this.#looks = this.#looks.filter(({ nowMs }) => nowMs >= since && nowMs < look.nowMs);
    // The count begins anew when the queue was empty in between.
    if ((this.#looks.at(-1)?.finished ?? 0) > look.finished) this.#looks = [];
    const enough = look.finished - routerLimits.paceEvidence;
    const before = this.#looks.findLast(({ finished }) => finished <= enough);
    this.#looks.push(look);
    return before;
  }
}
