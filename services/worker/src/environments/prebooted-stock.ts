/**
 * Runtime processes that are isolated, booted and empty: a cold start takes one and only has to load
 * the function's code. They are kept by kind, which is what their command is made of: the runtime,
 * and for Node.js the memory size, which the heap's bounds depend on (docs/decisions/0006).
 *
 * The stock follows what is deployed and what was taken lately, within a share of the memory that
 * nobody uses; it is filled off the path of requests, and gives memory back when either falls.
 */
import { availableParallelism } from "node:os";
import { commandFor, type RuntimeDefinition } from "@paddock/runtimes";
import { affordableProcesses, allot } from "../core/stock-plan.ts";
import { limits } from "../limits.ts";
import type { SandboxSource } from "../ports.ts";
import { type Prebooted, startPrebooted } from "./prebooted.ts";
import type { Semaphore } from "./semaphore.ts";
import { Shelf } from "./shelf.ts";

export interface EnvironmentKind {
  readonly runtime: string;
  readonly memoryMb: number;
}

export interface DeployedKind extends EnvironmentKind {
  /** Versions that are deployed. */
  readonly count: number;
}

export interface PrebootedStockOptions {
  readonly sandboxes: SandboxSource;
  readonly definitions: ReadonlyMap<string, RuntimeDefinition>;
  /** Shared with environments that boot a process of their own: those come first. */
  readonly boots: Semaphore;
  /** Processes that wait, at the most. */
  readonly max: number;
  /** What functions are deployed, the most frequent kind first. */
  readonly deployedKinds: () => readonly DeployedKind[];
  /** Memory that nobody uses and that sandboxes may. */
  readonly availableBytes: () => number;
  readonly onProblem: (kind: EnvironmentKind, error: unknown) => void;
}

interface StockedKind {
  readonly kind: EnvironmentKind;
  readonly definition: RuntimeDefinition;
  readonly shelf: Shelf;
}

export class PrebootedStock {
  readonly #options: PrebootedStockOptions;
  readonly #kinds = new Map<string, StockedKind>();
  readonly #concurrentBoots = availableParallelism();
  readonly #leaving = new Set<Promise<void>>();
  #booting = 0;
  #timer: NodeJS.Timeout | undefined;
  #review: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: PrebootedStockOptions) {
    this.#options = options;
  }

  /** Fills the stock, now and whenever it differs from what is wanted. */
  start(): void {
    this.refillSoon();
    this.#review = setInterval(() => this.refillSoon(), limits.prebootedReviewMs);
  }

  /** Processes that wait for a function. */
  get size(): number {
    return this.#shelves().reduce((sum, shelf) => sum + shelf.readyCount, 0);
  }

  /** A process of the kind if there is one, even if it is still booting. */
  take(kind: EnvironmentKind): Prebooted | Promise<Prebooted> | undefined {
    const shelf = this.#stocked(kind)?.shelf;
    if (shelf === undefined || this.#closed) return undefined;
    shelf.demand.took(Date.now());
    this.refillSoon();
    return shelf.take();
  }

  /** Call when the set of deployed kinds may have changed. */
  refillSoon(): void {
    if (this.#closed) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#refill();
    }, limits.prebootedRefillDelayMs);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearInterval(this.#review);
    for (const shelf of this.#shelves()) this.#shrink(shelf, 0);
    await Promise.all(this.#leaving);
  }

  #refill(): void {
    this.#followDeployments();
    const stocked = [...this.#kinds.values()];
    const nowMs = Date.now();
    const { availableBytes, max } = this.#options;
    const affordable = Math.min(max, affordableProcesses(availableBytes(), this.size));
    const alloted = allot(
      stocked.map(({ shelf }) => shelf.wanted(nowMs)),
      affordable,
    );
    for (const [index, entry] of stocked.entries()) {
      const count = alloted[index] ?? 0;
      this.#shrink(entry.shelf, count);
      this.#fill(entry, count, nowMs);
    }
  }

  #fill(entry: StockedKind, count: number, nowMs: number): void {
    const { shelf } = entry;
    while (shelf.size < count && shelf.notBeforeMs < nowMs) {
      if (this.#booting >= this.#concurrentBoots) return;
      const release = this.#options.boots.tryAcquire();
      if (release === undefined) return;
      void this.#boot(entry).finally(release);
    }
  }

  async #boot({ kind, definition, shelf }: StockedKind): Promise<void> {
    const { sandboxes } = this.#options;
    const { memoryMb } = kind;
    this.#booting += 1;
    try {
      await shelf.fill(startPrebooted({ sandboxes, definition, memoryMb }));
    } catch (error) {
      shelf.notBeforeMs = Date.now() + limits.prebootedRetryDelayMs;
      if (!this.#closed) this.#options.onProblem(kind, error);
    } finally {
      this.#booting -= 1;
      if (this.#closed) this.#shrink(shelf, 0);
      this.refillSoon();
    }
  }

  #followDeployments(): void {
    for (const shelf of this.#shelves()) shelf.deployed = 0;
    for (const { count, ...kind } of this.#options.deployedKinds()) {
      const shelf = this.#stocked(kind)?.shelf;
      if (shelf !== undefined) shelf.deployed += count;
    }
    for (const [key, { shelf }] of this.#kinds) {
      if (shelf.wanted(Date.now()) > 0 || shelf.size > 0) continue;
      this.#kinds.delete(key);
    }
  }

  /** Undefined where nothing can be booted ahead, or too many kinds are. */
  #stocked(kind: EnvironmentKind): StockedKind | undefined {
    const definition = this.#options.definitions.get(kind.runtime);
    if (definition?.preBootable !== true) return undefined;
    const key = `${kind.runtime} ${commandFor(definition, kind.memoryMb).join(" ")}`;
    const existing = this.#kinds.get(key);
    if (existing !== undefined || this.#kinds.size >= limits.prebootedKinds) return existing;
    const added = { kind, definition, shelf: new Shelf() };
    this.#kinds.set(key, added);
    return added;
  }

  #shelves(): Shelf[] {
    return [...this.#kinds.values()].map(({ shelf }) => shelf);
  }

  #shrink(shelf: Shelf, count: number): void {
    const gone = shelf.shrinkTo(count).catch(() => undefined);
    this.#leaving.add(gone);
    void gone.finally(() => this.#leaving.delete(gone));
  }
}
