/** The platform's own lines in a function's log, in the function's format and level. */
import type { VersionRecord } from "@paddock/contracts";
import { type PlatformEvent, platformLogLine, type PlatformStatus } from "@paddock/lambda-model";
import type { AttemptResult } from "./attempt.ts";
import { type InitializationFailure, initFailureStatus } from "./conclusion.ts";

export interface PlatformLogOptions {
  readonly version: VersionRecord;
  /** Such as `nodejs:24.v21.0`. */
  readonly runtimeVersion: string;
  readonly runtimeVersionArn: string;
  readonly nowMs: () => number;
}

const onDemand = "on-demand";

export class PlatformLog {
  readonly #options: PlatformLogOptions;

  constructor(options: PlatformLogOptions) {
    this.#options = options;
  }

  initStart(): string {
    const { version, runtimeVersion, runtimeVersionArn } = this.#options;
    return this.#line({
      type: "platform.initStart",
      record: {
        initializationType: onDemand,
        phase: "init",
        runtimeVersion,
        runtimeVersionArn,
        functionName: version.functionName,
        functionVersion: version.version,
      },
    });
  }

  initReport(initMs: number, phase: "init" | "invoke", failure: InitializationFailure): string {
    return this.#line({
      type: "platform.initReport",
      record: {
        initializationType: onDemand,
        phase,
        ...initFailureStatus(failure),
        metrics: { durationMs: initMs },
      },
    });
  }

  start(requestId: string): string {
    const { version } = this.#options.version;
    return this.#line({ type: "platform.start", record: { requestId, version } });
  }

  /** The two lines after an invocation: END (text only) and REPORT. */
  end(requestId: string, result: AttemptResult): [string, string] {
    const ending = endingOf(result);
    return [
      this.#line({ type: "platform.runtimeDone", record: { requestId, ...ending } }),
      this.#line({
        type: "platform.report",
        record: {
          requestId,
          ...ending,
          metrics: {
            durationMs: result.durationMs,
            billedDurationMs: result.billedMs,
            memorySizeMB: this.#options.version.memoryMb,
            maxMemoryUsedMB: result.peakMemoryMb,
            ...(result.initMs === 0 ? {} : { initDurationMs: result.initMs }),
          },
        },
      }),
    ];
  }

  #line(event: PlatformEvent): string {
    const { logging } = this.#options.version;
    const config = { format: logging.format, systemLevel: logging.systemLevel };
    return platformLogLine(event, config, this.#options.nowMs()) ?? "";
  }
}

/** An error that the handler reported is no failure of the runtime: REPORT has no status for it. */
function endingOf(result: AttemptResult): { status: PlatformStatus; errorType?: string } {
  switch (result.outcome) {
    case "succeeded":
      return { status: "success" };
    case "timed-out":
      return { status: "timeout" };
    case "function-error":
    case "init-error":
    case "crashed":
    case "out-of-memory":
    case "platform-error":
      return {
        status: "error",
        ...(result.errorType === undefined ? {} : { errorType: result.errorType }),
      };
  }
}
