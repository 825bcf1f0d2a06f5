/**
 * Sleeps until the next due time and fires what is due then. Without schedules there is no timer
 * at all. A firing that ACCEPTED refuses is tried again for a bounded time.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Trigger } from "@paddock/contracts";
import { translateSchedule } from "@paddock/event-sources";
import type { Scope } from "@paddock/lambda-model";
import { Agenda, type DueTime } from "./core/agenda.ts";
import { runBounded } from "./core/bounded.ts";
import { invocationOf } from "./core/invocation-of.ts";
import { schedulerLimits } from "./limits.ts";
import type { AcceptedInvocations, Clock, FiringMemory, FiringReport } from "./ports.ts";

export interface AlarmParts {
  readonly accepted: AcceptedInvocations;
  readonly clock: Clock;
  readonly memory: FiringMemory;
  readonly report: FiringReport;
  readonly scope: Scope;
}

export class Alarm {
  readonly #parts: AlarmParts;
  readonly #agenda = new Agenda(schedulerLimits.catchUpMs);
  readonly #ending = new AbortController();
  readonly #firings = new Set<Promise<void>>();
  #phase: "loading" | "running" | "stopped" = "loading";
  #cancelTimer: () => void = () => undefined;

  constructor(parts: AlarmParts) {
    this.#parts = parts;
  }

  get schedules(): number {
    return this.#agenda.size;
  }

  /** A trigger as it now is. Before `start`: one that was there before this process. */
  set(triggerId: string, trigger: Trigger | undefined): void {
    try {
      const nowMs = this.#parts.clock.nowMs();
      this.#agenda.set(triggerId, trigger, nowMs, {
        wasThere: this.#phase === "loading",
        firedUpToMs: this.#parts.memory.firedUpToMs(triggerId),
      });
    } finally {
      if (this.#phase === "running") this.#tick();
    }
  }

  /** All triggers are known: catches up with what was just missed, and sleeps. */
  start(): void {
    this.#phase = "running";
    this.#tick();
  }

  /** Fires nothing more; waits a bounded time for publications under way. */
  async stop(): Promise<void> {
    this.#phase = "stopped";
    this.#cancelTimer();
    this.#ending.abort();
    const waited = new AbortController();
    const enough = sleep(schedulerLimits.stopMs, undefined, { signal: waited.signal });
    await Promise.race([Promise.all(this.#firings), enough.catch(() => undefined)]);
    waited.abort();
  }

  #tick(): void {
    const nowMs = this.#parts.clock.nowMs();
    const { due, missed } = this.#agenda.takeDue(nowMs);
    for (const { trigger, dueMs } of missed) this.#parts.report.missed(trigger, dueMs);
    if (due.length > 0) this.#fire(due);
    this.#cancelTimer();
    const nextMs = this.#agenda.nextDueMs();
    this.#cancelTimer =
      nextMs === undefined
        ? () => undefined
        : this.#parts.clock.callAfter(Math.min(nextMs - nowMs, schedulerLimits.timerMs), () =>
            this.#tick(),
          );
  }

  #fire(due: readonly DueTime[]): void {
    const jobs = due.map((one) => () => this.#accept(one));
    const width = Math.min(due.length, schedulerLimits.publicationsUnderWay);
    const firing = runBounded(jobs, width).finally(() => this.#firings.delete(firing));
    this.#firings.add(firing);
  }

  async #accept(due: DueTime): Promise<void> {
    const { accepted, clock, memory, report, scope } = this.#parts;
    const event = Buffer.from(translateSchedule(due, scope));
    while (!this.#ending.signal.aborted) {
      try {
        await accepted.accept(invocationOf(due, scope, clock.nowMs()), event);
        await memory.remember(due.trigger.triggerId, due.dueMs);
        report.fired(due.trigger, due.dueMs);
        return;
      } catch (error) {
        const isFinal = clock.nowMs() - due.dueMs > schedulerLimits.refusedLateMs;
        report.refused(due.trigger, due.dueMs, error, isFinal);
        if (isFinal) return;
      }
      const { signal } = this.#ending;
      // Rejects only when it is cut short by stop().
      await sleep(schedulerLimits.refusedPauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
