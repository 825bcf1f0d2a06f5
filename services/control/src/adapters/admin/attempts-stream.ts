import { Readable } from "node:stream";
import type { Attempts, AttemptsEnd, AttemptsQuery } from "@paddock/contracts/admin";
import { type Database, readAttempts, type StoredAttempt } from "@paddock/store";
import { controlLimits } from "../../limits.ts";

export type KeepAliveInForce = Pick<
  AttemptsEnd["end"],
  "keepAlivePolicy" | "idleEnvironmentTimeoutSeconds"
>;

/** NDJSON of what ran and when, for replays; at most `attemptsStreamed` attempts. */
export function streamAttempts(
  database: Database,
  query: AttemptsQuery,
  inForce: KeepAliveInForce,
): Readable {
  return Readable.from(ndjson(database, query, inForce));
}

async function* ndjson(
  database: Database,
  query: AttemptsQuery,
  inForce: KeepAliveInForce,
): AsyncGenerator<Buffer> {
  const untilMs = Date.now();
  const sinceMs = query.since ?? untilMs - controlLimits.defaultAttemptsSpanMs;
  let left: number = controlLimits.attemptsStreamed;
  for await (const page of readAttempts(database, { functionName: query.function, sinceMs })) {
    const lines = byVersion(page.slice(0, left)).map(lineOf);
    left -= page.length;
    yield Buffer.from(lines.join(""));
    if (left < 0) break;
  }
  const end = { sinceMs, untilMs, isComplete: left >= 0, ...inForce };
  yield Buffer.from(lineOf({ end } satisfies AttemptsEnd));
}

function byVersion(page: readonly StoredAttempt[]): Attempts[] {
  const groups = Map.groupBy(page, ({ functionName, version }) => `${functionName}:${version}`);
  return [...groups.values()].map((attempts) => ({
    functionName: attempts[0]?.functionName ?? "",
    version: attempts[0]?.version ?? "",
    startsMs: attempts.map(({ startedAtMs }) => startedAtMs),
    endsMs: attempts.map(({ finishedAtMs }) => finishedAtMs),
    memoryMb: attempts.map(({ memoryMb }) => memoryMb),
    coldStarts: attempts.filter(({ isColdStart }) => isColdStart).length,
  }));
}

function lineOf(document: Attempts | AttemptsEnd): string {
  return `${JSON.stringify(document)}\n`;
}
