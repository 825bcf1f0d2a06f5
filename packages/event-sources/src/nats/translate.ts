/**
 * A message on `events.<source>.<type…>` as an EventBridge document. README.md beside this file has
 * the rules.
 */
import { eventSubject } from "@paddock/contracts";
import { type Scope, stableUuid } from "@paddock/lambda-model";
import { eventBridgeEvent } from "../event-bridge.ts";
import { eventSourceLimits } from "../limits.ts";
import { UntranslatableRecordError } from "../untranslatable.ts";

export interface NatsRecord {
  /** What follows `events.` in the subject. */
  readonly path: string;
  readonly payload: Uint8Array;
  readonly streamSequence: number;
  readonly storedAtMs: number;
}

export interface TranslatedEvent {
  /** The document's id: the same whenever the same record is translated. */
  readonly id: string;
  /** JSON text. */
  readonly json: string;
  /** The same, parsed: what filter patterns look at. */
  readonly document: unknown;
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/** @throws UntranslatableRecordError for a payload that is no JSON, or a document over the limit. */
export function translateNatsRecord(record: NatsRecord, scope: Scope): TranslatedEvent {
  const detailJson = textOf(record.payload);
  const detail = parse(detailJson);
  const [source = "", ...type] = record.path.split(".");
  const id = stableUuid("nats-event", record.streamSequence, record.storedAtMs, record.path);
  const { head, json } = eventBridgeEvent({
    id,
    detailType: type.length === 0 ? source : type.join("."),
    source,
    scope,
    timeMs: record.storedAtMs,
    resources: [eventSubject(record.path)],
    detailJson,
  });
  if (Buffer.byteLength(json) > eventSourceLimits.documentBytes) {
    throw new UntranslatableRecordError(
      `the event is larger than ${eventSourceLimits.documentBytes} bytes`,
    );
  }
  return { id, json, document: { ...head, detail } };
}

function textOf(payload: Uint8Array): string {
  try {
    // An empty message is an event without detail.
    return payload.length === 0 ? "{}" : decoder.decode(payload);
  } catch (error) {
    throw new UntranslatableRecordError("the payload is not UTF-8", { cause: error });
  }
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new UntranslatableRecordError("the payload is not JSON", { cause: error });
  }
}
