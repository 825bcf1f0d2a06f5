import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Bus, readLogs } from "@paddock/bus";
import type { UsageRecord } from "@paddock/contracts";
import type { LogLine, LogsQuery } from "@paddock/contracts/admin";
import { InvocationLog } from "../../core/invocation-log.ts";
import { controlLimits } from "../../limits.ts";

/** NDJSON of a function's log; when followed, empty lines keep it open until the reader leaves. */
export function streamLogs(bus: Bus, query: LogsQuery): Readable {
  const gone = new AbortController();
  const answer = new PassThrough();
  const startMs = query.since ?? Date.now() - controlLimits.defaultLogSpanMs;
  // The first bytes carry the headers: a reader of a silent function must not wait for them.
  if (query.follow) answer.write("\n");
  const heartbeat = setInterval(() => {
    // What a slow reader has not taken yet says that we live.
    if (answer.writable && answer.writableLength === 0) answer.write("\n");
  }, controlLimits.logHeartbeatMs);
  answer.once("close", () => {
    clearInterval(heartbeat);
    gone.abort();
  });
  const source = ndjson(bus, { ...query, startMs, signal: gone.signal });
  pipeline(Readable.from(source), answer).catch((error: unknown) => {
    // An answer that breaks off must not look like one that is complete.
    answer.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  return answer;
}

async function* ndjson(
  bus: Bus,
  options: { function: string; follow: boolean; startMs: number; signal: AbortSignal },
): AsyncGenerator<Buffer> {
  const { follow, startMs, signal } = options;
  const batches = readLogs(bus, { functionName: options.function, follow, startMs, signal });
  for await (const { batch } of batches) {
    const lines = batch.events
      .filter((event) => event.timestampMs >= startMs)
      .map((event) => `${JSON.stringify({ ...event, stream: batch.stream } satisfies LogLine)}\n`);
    if (lines.length > 0) yield Buffer.from(lines.join(""));
  }
}

/** The lines of one invocation's attempts, as far as they are still kept. */
export async function readInvocationLog(
  bus: Bus,
  attempts: readonly UsageRecord[],
): Promise<{ logLines: LogLine[]; logLinesCut: boolean }> {
  const [first] = attempts;
  if (first === undefined) return { logLines: [], logLinesCut: false };
  const log = new InvocationLog(
    first.requestId,
    attempts.map(({ logStream, coldStart }) => ({
      logStream,
      isFirstOfStream: coldStart !== undefined && coldStart.kind !== "reset",
    })),
    { maxLines: controlLimits.invocationLogLines },
  );
  const startMs = first.startedAtMs - first.initMs - controlLimits.logReadAheadMs;
  let batchesLeft: number = controlLimits.invocationLogBatches;
  const { functionName } = first;
  for await (const { batch } of readLogs(bus, { functionName, startMs, follow: false })) {
    for (const event of batch.events) log.add({ ...event, stream: batch.stream });
    batchesLeft -= 1;
    if (log.isComplete || batchesLeft === 0) break;
  }
  return { logLines: log.lines, logLinesCut: log.isCut || batchesLeft === 0 };
}
