/**
 * Runtime processes that are isolated, booted and empty: a cold start takes one and only has to load
 * the function's code. The stock of a runtime is kept while a function uses that runtime, follows
 * demand within bounds, and is filled off the path of requests.
 */
import { randomBytes } from "node:crypto";
import { limits as shared } from "@paddock/contracts";
import type { RuntimeDefinition } from "@paddock/runtimes";
import type { Scratch } from "@paddock/sandbox";
import { limits } from "../limits.ts";
import type { SandboxSource } from "../ports.ts";
import { RuntimeProcess } from "./runtime-process.ts";

export interface Prebooted {
  readonly process: RuntimeProcess;
  readonly scratch: Scratch;
}

export interface PrebootedStockOptions {
  readonly sandboxes: SandboxSource;
  readonly definitions: ReadonlyMap<string, RuntimeDefinition>;
  /** Runtimes that some function uses. */
  readonly usedRuntimes: () => ReadonlySet<string>;
  readonly onProblem: (runtime: string, error: unknown) => void;
}

interface Shelf {
  readonly ready: Prebooted[];
  booting: number;
  takenAtMs: number[];
  notBeforeMs: number;
}

export class PrebootedStock {
  readonly #options: PrebootedStockOptions;
  readonly #shelves = new Map<string, Shelf>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: PrebootedStockOptions) {
    this.#options = options;
    for (const [identifier, definition] of options.definitions) {
      if (!definition.preBootable) continue;
      this.#shelves.set(identifier, { ready: [], booting: 0, takenAtMs: [], notBeforeMs: 0 });
    }
  }

  take(identifier: string): Prebooted | undefined {
    const shelf = this.#shelves.get(identifier);
    if (shelf === undefined) return undefined;
    shelf.takenAtMs.push(Date.now());
    this.refillSoon();
    for (;;) {
      const prebooted = shelf.ready.pop();
      if (prebooted === undefined || !prebooted.process.hasExited) return prebooted;
      void discard(prebooted);
    }
  }

  /** Call when the set of used runtimes may have changed. */
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

  /** One process at a time over all runtimes: booting must not take the CPU from invocations. */
  #refill(): void {
    const used = this.#options.usedRuntimes();
    const shelves = [...this.#shelves];
    for (const [identifier, shelf] of shelves) {
      const wanted = used.has(identifier) ? wantedOn(shelf) : 0;
      while (shelf.ready.length > wanted) {
        const surplus = shelf.ready.shift();
        if (surplus !== undefined) void discard(surplus);
      }
      if (shelves.some(([, { booting }]) => booting > 0)) continue;
      if (shelf.ready.length < wanted) void this.#boot(identifier, shelf);
    }
  }

  async #boot(identifier: string, shelf: Shelf): Promise<void> {
    const definition = this.#options.definitions.get(identifier);
    if (definition === undefined || shelf.notBeforeMs > Date.now()) return;
    shelf.booting += 1;
    try {
      const prebooted = await bootOne(this.#options.sandboxes, definition);
      if (this.#closed) await discard(prebooted);
      else shelf.ready.push(prebooted);
    } catch (error) {
      shelf.notBeforeMs = Date.now() + limits.prebootedRetryDelayMs;
      this.#options.onProblem(identifier, error);
    } finally {
      shelf.booting -= 1;
      this.refillSoon();
    }
  }
}

function wantedOn(shelf: Shelf): number {
  const since = Date.now() - limits.prebootedDemandWindowMs;
  shelf.takenAtMs = shelf.takenAtMs.filter((takenAtMs) => takenAtMs > since);
  return Math.min(limits.prebootedMax, Math.max(limits.prebootedMin, shelf.takenAtMs.length));
}

async function bootOne(
  sandboxes: SandboxSource,
  definition: RuntimeDefinition,
): Promise<Prebooted> {
  const scratch = await sandboxes.createScratch({ sizeMb: shared.ephemeralStorageMbMin });
  const launched = RuntimeProcess.launch(sandboxes, {
    sandboxId: `prebooted-${randomBytes(8).toString("hex")}`,
    definition,
    command: definition.command,
    memoryMb: limits.prebootedMemoryMb,
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
