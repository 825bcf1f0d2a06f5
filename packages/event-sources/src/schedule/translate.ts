/** A due time of a schedule as the event that its function gets. README.md has the rules. */
import type { ScheduleTrigger } from "@paddock/contracts";
import { type Scope, stableUuid } from "@paddock/lambda-model";
import { eventBridgeEvent } from "../event-bridge.ts";

export interface DueSchedule {
  readonly trigger: Pick<ScheduleTrigger, "triggerId" | "input">;
  readonly dueMs: number;
}

/** The event's JSON text. */
export function translateSchedule({ trigger, dueMs }: DueSchedule, scope: Scope): string {
  if (trigger.input !== undefined) return trigger.input;
  return eventBridgeEvent({
    id: stableUuid("schedule-event", trigger.triggerId, dueMs),
    detailType: "Scheduled Event",
    source: "aws.events",
    scope,
    timeMs: dueMs,
    resources: [`arn:aws:events:${scope.region}:${scope.accountId}:rule/${trigger.triggerId}`],
    detailJson: "{}",
  }).json;
}
