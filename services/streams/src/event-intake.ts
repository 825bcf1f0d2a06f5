/**
 * From events to accepted invocations. An event is acknowledged when all triggers that it fires
 * have their invocation stored; before that it comes again, and the invocations that are stored
 * already are recognised by their request ids. Unreadable events are reported and dropped. While
 * ACCEPTED refuses, the intake pauses.
 */
import { setTimeout as sleep } from "node:timers/promises";
import {
  translateNatsRecord,
  type TranslatedEvent,
  UntranslatableRecordError,
} from "@paddock/event-sources";
import type { Scope } from "@paddock/lambda-model";
import { runBounded } from "./core/bounded.ts";
import { invocationOf } from "./core/invocation-of.ts";
import type { TriggerBook } from "./core/trigger-book.ts";
import { streamsLimits } from "./limits.ts";
import type { AcceptedInvocations, IntakeReport, ReceivedEvent } from "./ports.ts";

export interface IntakeParts {
  readonly triggers: TriggerBook;
  readonly accepted: AcceptedInvocations;
  readonly report: IntakeReport;
  readonly scope: Scope;
}

export class EventIntake {
  readonly #parts: IntakeParts;
  readonly #ending = new AbortController();
  #poisonEvents = 0;
  #refusals = 0;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  /** Ends a pause that is under way. */
  stop(): void {
    this.#ending.abort();
  }

  /** Resolves when each event is acknowledged or sent back, after a pause if ACCEPTED refused. */
  async handle(events: readonly ReceivedEvent[]): Promise<void> {
    const open = new Set(events);
    const extend = setInterval(() => {
      for (const event of open) event.extend();
    }, streamsLimits.extendMs);
    let refused = false;
    try {
      const onEnd = (event: ReceivedEvent, wasRefused: boolean): void => {
        open.delete(event);
        refused ||= wasRefused;
      };
      await runBounded(this.#publications(events, onEnd), streamsLimits.publicationsUnderWay);
    } finally {
      clearInterval(extend);
    }
    this.#refusals = refused ? this.#refusals + 1 : 0;
    if (refused) await this.#pause();
  }

  *#publications(
    events: readonly ReceivedEvent[],
    onEnd: (event: ReceivedEvent, refused: boolean) => void,
  ): Generator<() => Promise<void>> {
    for (const event of events) {
      const candidates = this.#parts.triggers.candidates(event.path);
      const translated = candidates.length === 0 ? undefined : this.#translate(event);
      const matches = candidates.filter(({ accepts }) => accepts(translated?.document));
      if (translated === undefined || matches.length === 0) {
        event.ack();
        onEnd(event, false);
        continue;
      }
      const payload = Buffer.from(translated.json);
      let left = matches.length;
      let refused = false;
      for (const { trigger } of matches) {
        const invocation = invocationOf(trigger, translated, event, this.#parts.scope);
        yield async () => {
          // What was refused once is offered again as a whole, so the rest need not be tried now.
          if (!refused && !(await this.#accept(event, invocation, payload))) refused = true;
          left -= 1;
          if (left > 0) return;
          if (refused) event.retry(streamsLimits.refusedEventMs);
          else event.ack();
          onEnd(event, refused);
        };
      }
    }
  }

  async #accept(
    event: ReceivedEvent,
    ...publication: Parameters<AcceptedInvocations["accept"]>
  ): Promise<boolean> {
    try {
      await this.#parts.accepted.accept(...publication);
      return true;
    } catch (error) {
      this.#parts.report.refused(event, error);
      return false;
    }
  }

  /** Undefined for poison. Events that nobody listens to are not read, and so never poison. */
  #translate(event: ReceivedEvent): TranslatedEvent | undefined {
    try {
      return translateNatsRecord(event, this.#parts.scope);
    } catch (error) {
      if (!(error instanceof UntranslatableRecordError)) throw error;
      this.#poisonEvents += 1;
      this.#parts.report.poison(event, error.message, this.#poisonEvents);
      return undefined;
    }
  }

  async #pause(): Promise<void> {
    const { refusedPauseMinMs, refusedPauseMaxMs } = streamsLimits;
    const ms = Math.min(refusedPauseMaxMs, refusedPauseMinMs * 2 ** (this.#refusals - 1));
    // Rejects only when it is cut short by stop().
    await sleep(ms, undefined, { signal: this.#ending.signal }).catch(() => undefined);
  }
}
