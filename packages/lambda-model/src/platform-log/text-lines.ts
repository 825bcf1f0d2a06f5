/**
 * Platform lines of LogFormat Text, each with its newline. Columns end with a tab, the last one of
 * REPORT too. Source: ../shared/spec/lambda-spec.md §4.1.
 */

export function initStartLine(runtime: {
  /** Such as `nodejs:24.v5`. */
  readonly runtimeVersion: string;
  readonly runtimeVersionArn: string;
}): string {
  return `INIT_START Runtime Version: ${runtime.runtimeVersion}\tRuntime Version ARN: ${runtime.runtimeVersionArn}\n`;
}

export function startLine(invocation: {
  readonly requestId: string;
  /** The version that runs: `$LATEST` or a number. */
  readonly version: string;
}): string {
  return `START RequestId: ${invocation.requestId} Version: ${invocation.version}\n`;
}

export function endLine(requestId: string): string {
  return `END RequestId: ${requestId}\n`;
}

export interface ReportFigures {
  readonly requestId: string;
  readonly durationMs: number;
  readonly billedMs: number;
  readonly memoryMb: number;
  /** High-water mark of the environment, not of this invocation. */
  readonly maxMemoryUsedMb: number;
  /** Only for the first invocation of an environment whose init phase succeeded. */
  readonly initMs?: number;
  /** Absent when the invocation succeeded, and when the handler itself reported an error. */
  readonly status?: "timeout" | "error";
  /** Such as `Runtime.ExitError`; with status `error`. */
  readonly errorType?: string;
}

export function reportLine(figures: ReportFigures): string {
  const columns = [
    `REPORT RequestId: ${figures.requestId}`,
    `Duration: ${figures.durationMs.toFixed(2)} ms`,
    `Billed Duration: ${figures.billedMs} ms`,
    `Memory Size: ${figures.memoryMb} MB`,
    `Max Memory Used: ${figures.maxMemoryUsedMb} MB`,
  ];
  if (figures.initMs !== undefined) columns.push(`Init Duration: ${figures.initMs.toFixed(2)} ms`);
  return `${columns.join("\t")}\t${statusColumns(figures).join("\t")}\n`;
}

/** The init phase failed, or init was run again inside an invocation (phase `invoke`) and failed. */
export function initReportLine(report: {
  readonly initMs: number;
  readonly phase: "init" | "invoke";
  readonly status: "timeout" | "error";
  readonly errorType?: string;
}): string {
  const columns = [
    `INIT_REPORT Init Duration: ${report.initMs.toFixed(2)} ms`,
    `Phase: ${report.phase}`,
    ...statusColumns(report),
  ];
  return `${columns.join("\t")}\n`;
}

function statusColumns(ending: {
  readonly status?: string;
  readonly errorType?: string;
}): string[] {
  if (ending.status === undefined) return [];
  const columns = [`Status: ${ending.status}`];
  if (ending.errorType !== undefined) columns.push(`Error Type: ${ending.errorType}`);
  return columns;
}
