import type { NatsTrigger, Trigger } from "@paddock/contracts";
import { compileFilterPattern } from "@paddock/lambda-model";
import { SubjectIndex } from "./subject-index.ts";

export interface CandidateTrigger {
  readonly trigger: NatsTrigger;
  /** Its filter pattern, applied to the event document. */
  readonly accepts: (document: unknown) => boolean;
}

/** The enabled NATS triggers, found by subject. */
export class TriggerBook {
  readonly #index = new SubjectIndex<CandidateTrigger>();
  readonly #byId = new Map<string, NatsTrigger>();

  get size(): number {
    return this.#byId.size;
  }

  /**
   * Takes over a trigger as it now is; undefined: it was deleted. Throws PaddockError for a filter
   * pattern that is none; the trigger is then left out.
   */
  set(triggerId: string, trigger: Trigger | undefined): void {
    const before = this.#byId.get(triggerId);
    if (before !== undefined) {
      this.#index.remove(before.subject, triggerId);
      this.#byId.delete(triggerId);
    }
    if (trigger?.kind !== "nats" || !trigger.enabled) return;
    const { filterPattern } = trigger;
    const accepts = filterPattern === undefined ? () => true : compileFilterPattern(filterPattern);
    this.#byId.set(triggerId, trigger);
    this.#index.add(trigger.subject, triggerId, { trigger, accepts });
  }

  /**
   * The triggers whose subject fits, each with the test of its filter. `path` is what follows
   * `events.` in the event's subject. Where there are none, the event need not be read.
   */
  candidates(path: string): readonly CandidateTrigger[] {
    return this.#index.match(path);
  }
}
