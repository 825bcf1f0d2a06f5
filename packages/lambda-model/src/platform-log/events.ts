/**
 * Platform events as the Telemetry API and LogFormat JSON have them.
 * Source: ../shared/spec/lambda-spec.md §3.6 (records) and §4.2 (levels).
 */

export type PlatformStatus = "success" | "failure" | "error" | "timeout";

interface InitRecord {
  readonly initializationType: "on-demand" | "provisioned-concurrency" | "snap-start";
  readonly phase: "init" | "invoke" | "snap-start";
}

interface Ending {
  readonly status: PlatformStatus;
  readonly errorType?: string;
}

export interface Span {
  readonly name: string;
  /** ISO 8601. */
  readonly start: string;
  readonly durationMs: number;
}

export type PlatformEvent =
  | {
      readonly type: "platform.initStart";
      readonly record: InitRecord & {
        readonly runtimeVersion?: string;
        readonly runtimeVersionArn?: string;
        readonly functionName: string;
        readonly functionVersion: string;
        readonly instanceId?: string;
        /** Bytes. */
        readonly instanceMaxMemory?: number;
      };
    }
  | { readonly type: "platform.initRuntimeDone"; readonly record: InitRecord & Ending }
  | {
      readonly type: "platform.initReport";
      readonly record: InitRecord & Ending & { readonly metrics: { readonly durationMs: number } };
    }
  | {
      readonly type: "platform.start";
      readonly record: { readonly requestId: string; readonly version: string };
    }
  | {
      readonly type: "platform.runtimeDone";
      readonly record: Ending & {
        readonly requestId: string;
        readonly metrics?: { readonly durationMs: number; readonly producedBytes?: number };
        readonly spans?: readonly Span[];
      };
    }
  | {
      readonly type: "platform.report";
      readonly record: Ending & {
        readonly requestId: string;
        readonly metrics: {
          readonly durationMs: number;
          readonly billedDurationMs: number;
          readonly memorySizeMB: number;
          readonly maxMemoryUsedMB: number;
          readonly initDurationMs?: number;
        };
      };
    };

export type SystemLogLevel = "DEBUG" | "INFO" | "WARN";

const rank: Readonly<Record<SystemLogLevel, number>> = { DEBUG: 0, INFO: 1, WARN: 2 };

/** At which level LogFormat JSON writes an event. */
export function systemLogLevelOf(event: PlatformEvent): SystemLogLevel {
  switch (event.type) {
    case "platform.initStart":
      return event.record.runtimeVersion === undefined ? "DEBUG" : "INFO";
    case "platform.start":
      return "INFO";
    case "platform.initRuntimeDone":
    case "platform.runtimeDone":
      return event.record.status === "success" ? "DEBUG" : "WARN";
    case "platform.initReport":
      if (event.record.status !== "success") return "WARN";
      return event.record.initializationType === "on-demand" ? "DEBUG" : "INFO";
    case "platform.report":
      return event.record.status === "success" ? "INFO" : "WARN";
  }
}

export function isWrittenAt(configured: SystemLogLevel, event: PlatformEvent): boolean {
  return rank[systemLogLevelOf(event)] >= rank[configured];
}
