/**
 * Log events from environments to the stream LOGS, in batches per log stream. Bounded: a function
 * that prints more than its allowance, or faster than NATS takes it, loses lines, never blocks, and
 * its log says how many.
 */
import type { LogBatch } from "@paddock/contracts";
import { LogAllowance } from "../core/log-allowance.ts";
import { limits } from "../limits.ts";
import type { LogEvent, LogSink, LogStreamName } from "../ports.ts";

export type PublishLogs = (batch: LogBatch) => Promise<void>;

interface StreamBuffer {
  readonly name: LogStreamName;
  events: LogEvent[];
  bytes: number;
  droppedEvents: number;
  droppedBytes: number;
}

/** What an event costs besides its text: its timestamp and JSON. */
const eventOverheadBytes = 40;

export class LogShipper implements LogSink {
  readonly #publish: PublishLogs;
  readonly #onError: (error: unknown) => void;
  readonly #buffers = new Map<string, StreamBuffer>();
  /** By log group; only of functions that have written lately. */
  readonly #allowances = new Map<string, LogAllowance>();
  readonly #nowMs: () => number;
  readonly #ready: LogBatch[] = [];
  #backlogBytes = 0;
  #inFlight = 0;
  #timer: NodeJS.Timeout | undefined;
  #onDrained: (() => void) | undefined;

  constructor(
    publish: PublishLogs,
    onError: (error: unknown) => void,
    nowMs: () => number = Date.now,
  ) {
    this.#publish = publish;
    this.#onError = onError;
    this.#nowMs = nowMs;
  }

  append(
    stream: LogStreamName,
    events: readonly LogEvent[],
    writer: "function" | "platform",
  ): void {
    if (events.length === 0) return;
    const buffer = this.#bufferOf(stream);
    for (const event of events) {
      if (writer === "platform" || this.#hasRoom(buffer, event)) this.#add(buffer, event);
    }
    if (buffer.bytes >= limits.logBatchBytes || buffer.events.length >= limits.logBatchEvents) {
      this.#close(buffer);
      this.#send();
    } else {
      this.#timer ??= setTimeout(() => this.#flush(), limits.logFlushIntervalMs);
    }
  }

  /** Sends what is left, for at most `withinMs`. */
  async close(withinMs: number): Promise<void> {
    const drained = new Promise<void>((resolve) => {
      this.#onDrained = resolve;
      setTimeout(resolve, withinMs).unref();
    });
    this.#flush();
    await drained;
  }

  #bufferOf(name: LogStreamName): StreamBuffer {
    const existing = this.#buffers.get(name.stream);
    if (existing !== undefined) return existing;
    const created = { name, events: [], bytes: 0, droppedEvents: 0, droppedBytes: 0 };
    this.#buffers.set(name.stream, created);
    return created;
  }

  #hasRoom(buffer: StreamBuffer, { message }: LogEvent): boolean {
    const bytes = message.length + eventOverheadBytes;
    const fits = this.#backlogBytes + bytes <= limits.logBacklogBytes;
    if (fits && this.#allowanceOf(buffer.name.group).take(bytes, this.#nowMs())) return true;
    buffer.droppedEvents += 1;
    buffer.droppedBytes += message.length;
    return false;
  }

  #allowanceOf(group: string): LogAllowance {
    const existing = this.#allowances.get(group);
    if (existing !== undefined) return existing;
    const created = new LogAllowance(this.#nowMs());
    this.#allowances.set(group, created);
    return created;
  }

  #add(buffer: StreamBuffer, event: LogEvent): void {
    const bytes = event.message.length + eventOverheadBytes;
    if (buffer.droppedEvents > 0) this.#noteDropped(buffer, event.timestampMs);
    buffer.events.push(event);
    buffer.bytes += bytes;
    this.#backlogBytes += bytes;
  }

  /** lambda-spec.md §3.6, platform.logsDropped. */
  #noteDropped(buffer: StreamBuffer, timestampMs: number): void {
    const record = {
      droppedRecords: buffer.droppedEvents,
      droppedBytes: buffer.droppedBytes,
      reason: "the function wrote more than it may, or faster than its log could be stored",
    };
    buffer.droppedEvents = 0;
    buffer.droppedBytes = 0;
    const time = new Date(timestampMs).toISOString();
    const message = `${JSON.stringify({ time, type: "platform.logsDropped", record })}\n`;
    buffer.events.push({ timestampMs, message });
    buffer.bytes += message.length + eventOverheadBytes;
    this.#backlogBytes += message.length + eventOverheadBytes;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const buffer of this.#buffers.values()) this.#close(buffer);
    for (const [group, allowance] of this.#allowances) {
      if (allowance.isWhole(this.#nowMs())) this.#allowances.delete(group);
    }
    this.#send();
  }

  #close(buffer: StreamBuffer): void {
    if (buffer.droppedEvents > 0 && this.#backlogBytes < limits.logBacklogBytes) {
      this.#noteDropped(buffer, Date.now());
    }
    this.#buffers.delete(buffer.name.stream);
    if (buffer.events.length === 0) return;
    this.#ready.push({ ...buffer.name, events: buffer.events });
  }

  #send(): void {
    while (this.#ready.length > 0 && this.#inFlight < limits.logPublishesInFlight) {
      const batch = this.#ready.shift();
      if (batch !== undefined) void this.#sendOne(batch);
    }
    if (this.#ready.length === 0 && this.#inFlight === 0) this.#onDrained?.();
  }

  async #sendOne(batch: LogBatch): Promise<void> {
    this.#inFlight += 1;
    try {
      await this.#publish(batch);
    } catch (error) {
      // The publisher has tried again already: these lines are lost, and the next ones say so.
      const buffer = this.#bufferOf(batch);
      buffer.droppedEvents += batch.events.length;
      this.#onError(error);
    }
    for (const { message } of batch.events) {
      this.#backlogBytes -= message.length + eventOverheadBytes;
    }
    this.#inFlight -= 1;
    this.#send();
  }
}
