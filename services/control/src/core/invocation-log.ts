import type { LogLine } from "@paddock/contracts/admin";

/** What of an attempt is needed to find its lines. */
export interface LoggedAttempt {
  readonly logStream: string;
  /** The environment began with this attempt: its first lines belong to it. */
  readonly isFirstOfStream: boolean;
}

/**
 * Picks one invocation's lines out of a function's log, in the order in which they come.
 *
 * An environment runs one invocation at a time and has a stream of its own, so what lies between the
 * START and the REPORT line that carry the request id is that invocation's, in the text format and in
 * JSON alike.
 */
export class InvocationLog {
  readonly lines: LogLine[] = [];
  readonly #requestId: string;
  readonly #maxLines: number;
  /** Stream → whether its lines are the invocation's at this point. */
  readonly #streams = new Map<string, boolean>();
  #reportsMissing: number;
  #isCut = false;

  constructor(
    requestId: string,
    attempts: readonly LoggedAttempt[],
    options: { maxLines: number },
  ) {
    this.#requestId = requestId;
    this.#maxLines = options.maxLines;
    this.#reportsMissing = attempts.length;
    for (const { logStream, isFirstOfStream } of attempts) {
      this.#streams.set(logStream, isFirstOfStream || this.#streams.get(logStream) === true);
    }
  }

  /** True: nothing more can come, or nothing more fits. */
  get isComplete(): boolean {
    return this.#reportsMissing <= 0 || this.#isCut;
  }

  get isCut(): boolean {
    return this.#isCut;
  }

  add(line: LogLine): void {
    const before = this.#streams.get(line.stream);
    if (before === undefined || this.isComplete) return;
    const isOurs = line.message.includes(this.#requestId);
    const isOpen = isOurs && isStart(line.message) ? true : before && !isForeignStart(line, isOurs);
    this.#streams.set(line.stream, isOpen);
    if (!isOpen) return;
    if (this.lines.length >= this.#maxLines) {
      this.#isCut = true;
      return;
    }
    this.lines.push(line);
    if (!isOurs || !isReport(line.message)) return;
    this.#streams.set(line.stream, false);
    this.#reportsMissing -= 1;
  }
}

function isStart(message: string): boolean {
  return message.startsWith("START RequestId: ") || message.includes('"platform.start"');
}

function isForeignStart(line: LogLine, isOurs: boolean): boolean {
  return !isOurs && isStart(line.message);
}

function isReport(message: string): boolean {
  return message.startsWith("REPORT RequestId: ") || message.includes('"platform.report"');
}
