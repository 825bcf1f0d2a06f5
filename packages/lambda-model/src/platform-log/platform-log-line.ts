import type { PlatformEvent, SystemLogLevel } from "./events.ts";
import { isWrittenAt } from "./events.ts";
import { endLine, initReportLine, initStartLine, reportLine, startLine } from "./text-lines.ts";

export interface PlatformLogging {
  readonly format: "Text" | "JSON";
  /** Holds for JSON only; INFO when absent. */
  readonly systemLevel?: SystemLogLevel | undefined;
}

/**
 * The log line of a platform event under a function's logging configuration, with its newline, or
 * undefined where AWS writes none. Text has END for runtimeDone; JSON has no END.
 */
export function platformLogLine(
  event: PlatformEvent,
  logging: PlatformLogging,
  timeMs: number,
): string | undefined {
  if (logging.format === "Text") return textLine(event);
  if (!isWrittenAt(logging.systemLevel ?? "INFO", event)) return undefined;
  const time = new Date(timeMs).toISOString();
  return `${JSON.stringify({ time, type: event.type, record: event.record })}\n`;
}

function textLine(event: PlatformEvent): string | undefined {
  switch (event.type) {
    case "platform.initStart": {
      const { runtimeVersion, runtimeVersionArn } = event.record;
      if (runtimeVersion === undefined || runtimeVersionArn === undefined) return undefined;
      return initStartLine({ runtimeVersion, runtimeVersionArn });
    }
    case "platform.start":
      return startLine(event.record);
    case "platform.runtimeDone":
      return endLine(event.record.requestId);
    case "platform.report":
      return textReport(event.record);
    case "platform.initReport":
      return textInitReport(event.record);
    case "platform.initRuntimeDone":
      return undefined;
  }
}

type RecordOf<Type extends PlatformEvent["type"]> = Extract<
  PlatformEvent,
  { type: Type }
>["record"];

function textReport({ requestId, metrics, ...ending }: RecordOf<"platform.report">): string {
  return reportLine({
    requestId,
    durationMs: metrics.durationMs,
    billedMs: metrics.billedDurationMs,
    memoryMb: metrics.memorySizeMB,
    maxMemoryUsedMb: metrics.maxMemoryUsedMB,
    ...(metrics.initDurationMs === undefined ? {} : { initMs: metrics.initDurationMs }),
    ...failure(ending),
  });
}

function textInitReport(record: RecordOf<"platform.initReport">): string | undefined {
  const { phase, metrics, ...ending } = record;
  const failed = failure(ending);
  if (failed === undefined || phase === "snap-start") return undefined;
  return initReportLine({ initMs: metrics.durationMs, phase, ...failed });
}

/** Text knows `timeout` and `error` only; a platform failure reads as an error. */
function failure(ending: {
  readonly status: string;
  readonly errorType?: string;
}): { status: "timeout" | "error"; errorType?: string } | undefined {
  if (ending.status === "success") return undefined;
  if (ending.status === "timeout") return { status: "timeout" };
  return {
    status: "error",
    ...(ending.errorType === undefined ? {} : { errorType: ending.errorType }),
  };
}
