/**
 * The envelope of EventBridge, which every source without a shape of its own uses.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
 */
import type { Scope } from "@paddock/lambda-model";

export interface Envelope {
  readonly id: string;
  readonly detailType: string;
  readonly source: string;
  readonly scope: Scope;
  readonly timeMs: number;
  readonly resources: readonly string[];
  /** JSON text, taken over byte for byte: big numbers and the order of keys stay as they came. */
  readonly detailJson: string;
}

export interface EnvelopedEvent {
  /** Everything but the detail; members in AWS's order. */
  readonly head: Readonly<Record<string, unknown>>;
  /** The whole document as JSON text. */
  readonly json: string;
}

export function eventBridgeEvent(envelope: Envelope): EnvelopedEvent {
  const head = {
    version: "0",
    id: envelope.id,
    "detail-type": envelope.detailType,
    source: envelope.source,
    account: envelope.scope.accountId,
    time: eventTime(envelope.timeMs),
    region: envelope.scope.region,
    resources: envelope.resources,
  };
  const headJson = JSON.stringify(head);
  return { head, json: `${headJson.slice(0, -1)},"detail":${envelope.detailJson}}` };
}

/** `2026-01-02T03:04:00Z`: EventBridge has whole seconds. */
function eventTime(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}
