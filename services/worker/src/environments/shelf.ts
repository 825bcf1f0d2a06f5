/** The processes of one kind that wait for a function, and those that are still booting. */
import { Demand } from "../core/demand.ts";
import { wantedProcesses } from "../core/stock-plan.ts";
import { limits } from "../limits.ts";
import { discard, type Prebooted } from "./prebooted.ts";

/** A boot that nobody waits for yet; whoever claims it gets the process as soon as it exists. */
export interface Boot {
  readonly started: Promise<Prebooted>;
  isClaimed: boolean;
}

export class Shelf {
  readonly demand = new Demand();
  /** Versions that are deployed and would use this kind. */
  deployed = 0;
  notBeforeMs = 0;
  readonly #ready: Prebooted[] = [];
  readonly #boots = new Set<Boot>();

  /** Those that are there or will be without anybody asking for them. */
  get size(): number {
    return this.#ready.length + this.#boots.size;
  }

  get readyCount(): number {
    return this.#ready.length;
  }

  wanted(nowMs: number): number {
    return wantedProcesses({ deployed: this.deployed, demand: this.demand.wanted(nowMs) });
  }

  /** The one that waited longest is the most thoroughly booted; without any, one that is booting. */
  take(): Prebooted | Promise<Prebooted> | undefined {
    for (;;) {
      const prebooted = this.#ready.shift();
      if (prebooted === undefined) return this.#claim();
      if (!prebooted.process.hasExited) return prebooted;
      void discard(prebooted);
    }
  }

  /** Puts what boots on the shelf when it has booted, unless it was claimed in between. */
  async fill(started: Promise<Prebooted>): Promise<void> {
    const boot: Boot = { started, isClaimed: false };
    this.#boots.add(boot);
    try {
      const prebooted = await started;
      const isBooted = await prebooted.process.booted(limits.prebootMs);
      if (boot.isClaimed) return;
      if (isBooted) this.#ready.push(prebooted);
      else await discard(prebooted);
      if (!isBooted) throw new Error("The process ended, or did nothing, instead of booting");
    } finally {
      this.#boots.delete(boot);
    }
  }

  /** Takes away what is too much; resolves when it is gone. */
  async shrinkTo(count: number): Promise<void> {
    const surplus = Math.max(0, this.#ready.length - count);
    await Promise.all(this.#ready.splice(0, surplus).map(discard));
  }

  #claim(): Promise<Prebooted> | undefined {
    for (const boot of this.#boots) {
      boot.isClaimed = true;
      this.#boots.delete(boot);
      return boot.started;
    }
    return undefined;
  }
}
