import {
  type AttemptDetail,
  invocationDetailSchema,
  invocationsPageSchema,
  type InvocationSummary,
} from "@paddock/contracts/admin";
import { isolationCell } from "../output/isolation.ts";
import { renderTable } from "../output/table.ts";
import { printable, timeOf } from "../output/text.ts";
import { type CommandContext, openAdminClient, writeJson, writeLine } from "./command.ts";

export interface InvocationsOptions {
  readonly function?: string;
  readonly state?: string;
  readonly limit?: string;
  readonly cursor?: string;
  readonly json?: boolean;
}

function describeResult(invocation: InvocationSummary): string {
  const { errorType, errorMessage, fateDetail } = invocation;
  const parts = [errorType, errorMessage ?? fateDetail].filter((part) => part !== undefined);
  return printable(parts.join(": ")).replaceAll("\n", " ").slice(0, 80);
}

/** Why there was one and where the time went: nothing for an attempt without. */
function describeColdStart({ attempt, coldStart, coldStartSentence }: AttemptDetail): string[] {
  if (coldStartSentence === undefined) return [];
  const { acquireMs, bootMs, bindMs, initMs } = coldStart?.phases ?? {};
  const phases = Object.entries({ acquire: acquireMs, boot: bootMs, bind: bindMs, init: initMs })
    .filter(([, ms]) => ms !== undefined)
    .map(([phase, ms]) => `${phase} ${String(ms)} ms`);
  const lines = [`cold start of attempt ${attempt}: ${printable(coldStartSentence)}`];
  return phases.length === 0 ? lines : [...lines, `  ${phases.join(" · ")}`];
}

export async function listInvocations(
  context: CommandContext,
  options: InvocationsOptions,
): Promise<void> {
  // One by one: the command's other options, such as --data-dir, are not the server's business.
  const { function: name, state, limit, cursor, json } = options;
  const request = { path: "invocations", query: { function: name, state, limit, cursor } };
  const page = await openAdminClient(context).read(request, invocationsPageSchema);
  if (json === true) {
    writeJson(context, page);
    return;
  }
  const rows = page.invocations.map((invocation) => [
    invocation.requestId,
    invocation.functionName,
    invocation.invocationType === "Event" ? "async" : "sync",
    invocation.trigger ?? "–",
    invocation.state,
    invocation.attempts,
    timeOf(invocation.acceptedAtMs),
    describeResult(invocation),
  ]);
  const header = [
    "request",
    "function",
    "type",
    "trigger",
    "state",
    "attempts",
    "accepted",
    "error",
  ];
  writeLine(context, renderTable(header, rows));
  if (page.nextCursor !== undefined) writeLine(context, `more: --cursor ${page.nextCursor}`);
}

export async function showInvocation(
  context: CommandContext,
  requestId: string,
  options: { json?: boolean },
): Promise<void> {
  const path = `invocations/${encodeURIComponent(requestId)}`;
  const detail = await openAdminClient(context).read({ path }, invocationDetailSchema);
  if (options.json === true) {
    writeJson(context, detail);
    return;
  }
  const { invocation, attempts } = detail;
  writeLine(context, `${invocation.requestId}  ${invocation.functionName}  ${invocation.state}`);
  writeLine(context, `accepted ${timeOf(invocation.acceptedAtMs)} by ${invocation.trigger ?? "–"}`);
  const rows = attempts.map((attempt) => [
    attempt.attempt,
    attempt.outcome,
    attempt.version,
    timeOf(attempt.startedAtMs),
    attempt.initMs,
    attempt.durationMs,
    attempt.billedMs,
    attempt.peakMemoryMb,
    isolationCell(attempt.isolation),
    attempt.workerId,
  ]);
  const header = [
    "attempt",
    "outcome",
    "version",
    "started",
    "init ms",
    "ms",
    "billed ms",
    "MB",
    "isolation",
    "worker",
  ];
  writeLine(context, renderTable(header, rows));
  for (const line of attempts.flatMap(describeColdStart)) writeLine(context, line);
  const error = describeResult(invocation);
  if (error !== "") writeLine(context, error);
  for (const { timestampMs, message } of detail.logLines) {
    writeLine(context, `${timeOf(timestampMs)}  ${printable(message.trimEnd())}`);
  }
  if (detail.logLinesCut)
    writeLine(context, `… more with: paddock logs ${invocation.functionName}`);
}
