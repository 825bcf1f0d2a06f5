import type { LogLine } from "@paddock/contracts/admin";

/** Billed durations in milliseconds, as the REPORT lines of a log have them. */
export function billedDurationsMs(lines: readonly LogLine[]): number[] {
  return lines
    .filter(({ message }) => message.startsWith("REPORT RequestId:"))
    .map(({ message }) => Number(/\tBilled Duration: (\d+) ms/.exec(message)?.[1]));
}

/**
 * The events that `console.log(JSON.stringify(event))` wrote, out of a function's log: what is after
 * the level on lines of the text format.
 */
export function loggedDocuments(lines: readonly LogLine[]): unknown[] {
  return lines.flatMap(({ message }) => {
    const text = /\tINFO\t(\{.*\})\s*$/s.exec(message)?.[1];
    return text === undefined ? [] : [JSON.parse(text)];
  });
}
