/**
 * When each enabled schedule is due next. Pure: told the time, never asks for it.
 *
 * Of the due times that passed unnoticed only the last is fired, and only within the catch-up
 * window. An at() is due once and is kept afterwards as done.
 */
import type { ScheduleTrigger, Trigger } from "@paddock/contracts";
import { parseSchedule, type Schedule } from "@paddock/lambda-model";

export interface DueTime {
  readonly trigger: ScheduleTrigger;
  readonly dueMs: number;
}

interface Entry {
  readonly trigger: ScheduleTrigger;
  readonly schedule: Schedule;
  /** Undefined: it will never be due again. */
  dueMs: number | undefined;
}

export interface SetOptions {
  /** It was there before this process began, so that a due time may have been missed. */
  readonly wasThere?: boolean;
  /** Due times up to this one were fired already, by whichever process. */
  readonly firedUpToMs?: number;
}

export class Agenda {
  readonly #catchUpMs: number;
  readonly #entries = new Map<string, Entry>();

  constructor(catchUpMs: number) {
    this.#catchUpMs = catchUpMs;
  }

  get size(): number {
    return this.#entries.size;
  }

  /**
   * Takes over a trigger as it now is; undefined: it was deleted. One that did not change keeps its
   * place.
   * Throws PaddockError for an expression that is none; the trigger is then left out.
   */
  set(
    triggerId: string,
    trigger: Trigger | undefined,
    nowMs: number,
    { wasThere = false, firedUpToMs = 0 }: SetOptions = {},
  ): void {
    const before = this.#entries.get(triggerId);
    if (before !== undefined && JSON.stringify(before.trigger) === JSON.stringify(trigger)) return;
    this.#entries.delete(triggerId);
    if (trigger?.kind !== "schedule" || !trigger.enabled) return;
    const { expression, timeZone, createdAtMs } = trigger;
    const schedule = parseSchedule(expression, timeZone, { rateBeginsMs: createdAtMs });
    const windowBegins = nowMs - this.#catchUpMs;
    // A trigger that is switched on or changed begins now, a new one when it was made.
    const beginsMs = wasThere || createdAtMs > windowBegins ? windowBegins : nowMs;
    const dueMs = schedule.nextAfterMs(Math.max(beginsMs, createdAtMs, firedUpToMs));
    this.#entries.set(triggerId, { trigger, schedule, dueMs });
  }

  /** The earliest due time of all; undefined when nothing will be due. */
  nextDueMs(): number | undefined {
    let earliest: number | undefined;
    for (const { dueMs } of this.#entries.values()) {
      if (dueMs !== undefined && (earliest === undefined || dueMs < earliest)) earliest = dueMs;
    }
    return earliest;
  }

  /** What is due now: at most one time of each trigger. What is too late is `missed`. */
  takeDue(nowMs: number): {
    readonly due: readonly DueTime[];
    readonly missed: readonly DueTime[];
  } {
    const due: DueTime[] = [];
    const missed: DueTime[] = [];
    for (const entry of this.#entries.values()) {
      if (entry.dueMs === undefined || entry.dueMs > nowMs) continue;
      const { trigger } = entry;
      const latest = this.#latestDue(entry, entry.dueMs, nowMs);
      if (latest === undefined) missed.push({ trigger, dueMs: entry.dueMs });
      else due.push({ trigger, dueMs: latest });
      entry.dueMs = entry.schedule.nextAfterMs(nowMs);
    }
    return { due, missed };
  }

  /** The last due time up to now, undefined where it is longer ago than the window. */
  #latestDue({ schedule }: Entry, firstMs: number, nowMs: number): number | undefined {
    const windowBegins = nowMs - this.#catchUpMs;
    let latest: number | undefined;
    let next = firstMs >= windowBegins ? firstMs : schedule.nextAfterMs(windowBegins - 1);
    // The window is shorter than the shortest period, one minute: this turns once or not at all.
    while (next !== undefined && next <= nowMs) {
      latest = next;
      next = schedule.nextAfterMs(next);
    }
    return latest;
  }
}
