import { setTimeout as delay } from "node:timers/promises";
import type { ManagedProcess, StartedProcess } from "./managed-process.ts";
import { neverDied, nextRestart } from "./restart-policy.ts";

/** What the supervisor tells whoever watches: the terminal, and the register of processes. */
export interface SupervisorEvents {
  started(process: ManagedProcess, started: StartedProcess, tookMs: number): void;
  died(process: ManagedProcess, reason: string, restartInMs: number): void;
  restarted(process: ManagedProcess, started: StartedProcess): void;
  stopped(process: ManagedProcess): void;
}

interface Entry {
  readonly process: ManagedProcess;
  current?: StartedProcess;
  /** Settles, without rejecting, when the start that is under way has ended. */
  starting?: Promise<unknown>;
}

/**
 * Keeps a table of processes running. Starts each as soon as those it names in `after` are ready,
 * starts it again when it dies, and stops all of them in waves.
 */
export class Supervisor {
  readonly #entries: readonly Entry[];
  readonly #events: SupervisorEvents;
  readonly #ending = new AbortController();
  readonly #restarts = new Set<Promise<void>>();
  #stopped: Promise<void> | undefined;
  #killed = false;

  constructor(processes: readonly ManagedProcess[], events: SupervisorEvents) {
    this.#entries = processes.map((process) => ({ process }));
    this.#events = events;
  }

  /** Resolves when all are ready. Rejects with the first failure; the caller then calls `stop`. */
  async start(): Promise<void> {
    const ready = new Map<string, Promise<void>>();
    for (const entry of this.#entries) {
      const before = entry.process.after.map((name) => {
        const promise = ready.get(name);
        if (promise === undefined) {
          throw new Error(`${entry.process.name} is to start after ${name}, which is not above it`);
        }
        return promise;
      });
      const started = Promise.all(before).then(() => this.#startFirst(entry));
      // Whoever waits for it reports the failure; so does Promise.all below.
      started.catch(() => undefined);
      ready.set(entry.process.name, started);
    }
    await Promise.all(ready.values());
  }

  async #startFirst(entry: Entry): Promise<void> {
    const beganMs = performance.now();
    const started = await this.#launch(entry);
    this.#events.started(entry.process, started, performance.now() - beganMs);
  }

  async #launch(entry: Entry, deaths = neverDied): Promise<StartedProcess> {
    this.#ending.signal.throwIfAborted();
    const { process } = entry;
    let bornMs = performance.now();
    const onExit = (reason: string) => {
      delete entry.current;
      if (this.#ending.signal.aborted) return;
      const next = nextRestart(deaths, performance.now() - bornMs);
      this.#events.died(process, reason, next.delayMs);
      const restart = this.#restart(entry, next).finally(() => this.#restarts.delete(restart));
      this.#restarts.add(restart);
    };
    const starting = process.start(onExit, this.#ending.signal);
    entry.starting = starting.catch(() => undefined);
    const started = await starting;
    bornMs = performance.now();
    entry.current = started;
    if (this.#killed) started.kill();
    return started;
  }

  async #restart(entry: Entry, next: ReturnType<typeof nextRestart>): Promise<void> {
    let pause = next;
    while (!this.#ending.signal.aborted) {
      try {
        await delay(pause.delayMs, undefined, { signal: this.#ending.signal });
        const started = await this.#launch(entry, pause.state);
        this.#events.restarted(entry.process, started);
        return;
      } catch (error) {
        if (this.#ending.signal.aborted) return;
        pause = nextRestart(pause.state, 0);
        const reason = error instanceof Error ? error.message : String(error);
        this.#events.died(entry.process, reason, pause.delayMs);
      }
    }
  }

  /** Stops everything, wave by wave. Calling it again waits for the same end. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stopAll();
    return this.#stopped;
  }

  async #stopAll(): Promise<void> {
    this.#ending.abort(new Error("Paddock is stopping"));
    const waves = [...new Set(this.#entries.map(({ process }) => process.stopWave))];
    for (const wave of waves.sort((left, right) => left - right)) {
      const members = this.#entries.filter(({ process }) => process.stopWave === wave);
      await Promise.all(members.map((entry) => this.#stopOne(entry)));
    }
    await Promise.all(this.#restarts);
  }

  async #stopOne(entry: Entry): Promise<void> {
    await entry.starting;
    if (entry.current === undefined) return;
    await entry.current.stop();
    delete entry.current;
    this.#events.stopped(entry.process);
  }

  /** Ends everything at once, without asking. */
  kill(): void {
    this.#killed = true;
    this.#ending.abort(new Error("Paddock was killed"));
    for (const entry of this.#entries) entry.current?.kill();
  }
}
