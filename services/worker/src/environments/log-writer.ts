/** The log stream of one execution environment, and the tail of the invocation that runs in it. */
import type { FunctionLogLine } from "@paddock/runtimes";
import { LogTail } from "../core/log-tail.ts";
import type { Clock, LogSink, LogStreamName } from "../ports.ts";

export class LogWriter {
  readonly #sink: LogSink;
  readonly #stream: LogStreamName;
  readonly #clock: Clock;
  #tail: LogTail | undefined;

  constructor(sink: LogSink, stream: LogStreamName, clock: Clock) {
    this.#sink = sink;
    this.#stream = stream;
    this.#clock = clock;
  }

  get streamName(): string {
    return this.#stream.stream;
  }

  startTail(): void {
    this.#tail = new LogTail();
  }

  takeTail(): string {
    const text = this.#tail?.toBase64() ?? "";
    this.#tail = undefined;
    return text;
  }

  /** A line of the platform, final line break included. */
  platform(...messages: readonly string[]): void {
    const timestampMs = this.#clock.nowMs();
    const present = messages.filter((message) => message !== "");
    for (const message of present) this.#tail?.append(message);
    this.#sink.append(
      this.#stream,
      present.map((message) => ({ timestampMs, message })),
      "platform",
    );
  }

  /** A line of the function. */
  readonly functionLine = (line: FunctionLogLine): void => {
    const message = `${line.text}\n`;
    this.#tail?.append(message);
    this.#sink.append(this.#stream, [{ timestampMs: line.timestampMs, message }], "function");
  };
}
