/**
 * Runtime processes that are isolated, booted and empty: a cold start takes one and only has to load
 * the function's code. They are kept by kind (runtime and memory size, which the heap's bounds depend
 * on) for the kinds that most deployed functions are of; the stock follows demand within bounds, and
 * is filled off the path of requests.
 */
import { randomBytes } from "node:crypto";
import { limits as shared } from "@paddock/contracts";
import { commandFor, type RuntimeDefinition } from "@paddock/runtimes";
import type { Scratch } from "@paddock/sandbox";
import { limits } from "../limits.ts";
import type { SandboxSource } from "../ports.ts";
import { RuntimeProcess } from "./runtime-process.ts";

export interface EnvironmentKind {
  readonly runtime: string;
  readonly memoryMb: number;
}

export interface Prebooted {
  readonly process: RuntimeProcess;
  readonly scratch: Scratch;
}

export interface PrebootedStockOptions {
  readonly sandboxes: SandboxSource;
  readonly definitions: ReadonlyMap<string, RuntimeDefinition>;
  /** What functions are deployed, the most frequent kind first. */
  readonly deployedKinds: () => readonly EnvironmentKind[];
  readonly onProblem: (kind: EnvironmentKind, error: unknown) => void;
}

interface Shelf {
  readonly kind: EnvironmentKind;
  readonly ready: Prebooted[];
  takenAtMs: number[];
  notBeforeMs: number;
}

export class PrebootedStock {
  readonly #options: PrebootedStockOptions;
  readonly #shelves = new Map<string, Shelf>();
  #booting = false;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: PrebootedStockOptions) {
    this.#options = options;
  }

  /** Processes that wait to be taken. */
  get size(): number {
    return [...this.#shelves.values()].reduce((sum, { ready }) => sum + ready.length, 0);
  }

  take(kind: EnvironmentKind): Prebooted | undefined {
    const shelf = this.#shelves.get(keyOf(kind));
    if (shelf === undefined) return undefined;
    shelf.takenAtMs.push(Date.now());
    this.refillSoon();
    for (;;) {
      const prebooted = shelf.ready.pop();
      if (prebooted === undefined || !prebooted.process.hasExited) return prebooted;
      void discard(prebooted);
    }
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
    const all = [...this.#shelves.values()].flatMap((shelf) => shelf.ready.splice(0));
    await Promise.all(all.map(discard));
  }

  /** One process at a time over all kinds: booting must not take the CPU from invocations. */
  #refill(): void {
    this.#followDeployments();
    for (const shelf of this.#shelves.values()) {
      const wanted = wantedOn(shelf);
      while (shelf.ready.length > wanted) {
        const surplus = shelf.ready.shift();
        if (surplus !== undefined) void discard(surplus);
      }
      if (shelf.ready.length < wanted && shelf.notBeforeMs < Date.now() && !this.#booting) {
        void this.#boot(shelf);
      }
    }
  }

  #followDeployments(): void {
    const kinds = this.#options.deployedKinds().filter(({ runtime }) => this.#canBoot(runtime));
    const wanted = new Map(
      kinds.slice(0, limits.prebootedKinds).map((kind) => [keyOf(kind), kind]),
    );
    for (const [key, shelf] of this.#shelves) {
      if (wanted.has(key)) continue;
      this.#shelves.delete(key);
      for (const prebooted of shelf.ready) void discard(prebooted);
    }
    for (const [key, kind] of wanted) {
      if (this.#shelves.has(key)) continue;
      this.#shelves.set(key, { kind, ready: [], takenAtMs: [], notBeforeMs: 0 });
    }
  }

  #canBoot(runtime: string): boolean {
    return this.#options.definitions.get(runtime)?.preBootable === true;
  }

  async #boot(shelf: Shelf): Promise<void> {
    const definition = this.#options.definitions.get(shelf.kind.runtime);
    if (definition === undefined) return;
    this.#booting = true;
    try {
      const prebooted = await bootOne(this.#options.sandboxes, definition, shelf.kind);
      const isWanted = !this.#closed && this.#shelves.get(keyOf(shelf.kind)) === shelf;
      if (isWanted) shelf.ready.push(prebooted);
      else await discard(prebooted);
    } catch (error) {
      shelf.notBeforeMs = Date.now() + limits.prebootedRetryDelayMs;
      if (!this.#closed) this.#options.onProblem(shelf.kind, error);
    } finally {
      this.#booting = false;
      this.refillSoon();
    }
  }
}

function keyOf({ runtime, memoryMb }: EnvironmentKind): string {
  return `${runtime}/${memoryMb}`;
}

function wantedOn(shelf: Shelf): number {
  const since = Date.now() - limits.prebootedDemandWindowMs;
  shelf.takenAtMs = shelf.takenAtMs.filter((takenAtMs) => takenAtMs > since);
  return Math.min(limits.prebootedMax, Math.max(limits.prebootedMin, shelf.takenAtMs.length));
}

async function bootOne(
  sandboxes: SandboxSource,
  definition: RuntimeDefinition,
  { memoryMb }: EnvironmentKind,
): Promise<Prebooted> {
  const scratch = await sandboxes.createScratch({ sizeMb: shared.ephemeralStorageMbMin });
  const launched = RuntimeProcess.launch(sandboxes, {
    sandboxId: `prebooted-${randomBytes(8).toString("hex")}`,
    definition,
    command: commandFor(definition, memoryMb),
    memoryMb,
    scratch,
    environment: definition.environment,
  });
  const process = await launched.catch(async (error: unknown) => {
    await scratch.remove();
    throw error;
  });
  if (await process.booted()) return { process, scratch };
  await discard({ process, scratch });
  throw new Error(`${definition.identifier} ended while it booted`);
}

async function discard({ process, scratch }: Prebooted): Promise<void> {
  await process.destroy();
  await scratch.remove();
}
