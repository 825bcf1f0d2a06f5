import { type UsageReport, usageReportSchema } from "@paddock/contracts/admin";
import { renderTable } from "../output/table.ts";
import { timeOf } from "../output/text.ts";
import { type CommandContext, openAdminClient, writeJson, writeLine } from "./command.ts";

export interface UsageOptions {
  readonly function?: string;
  readonly since?: string;
  readonly json?: boolean;
}

function figures(usage: UsageReport["total"]): (string | number)[] {
  return [
    usage.requests,
    usage.errors,
    usage.coldStarts,
    usage.billedMs,
    Number(usage.gbSeconds.toFixed(6)),
    // One short invocation costs less than a millionth of a dollar.
    usage.listPriceUsd.toFixed(8),
  ];
}

/** `paddock usage`: what ran, and what it would have cost at AWS's list price. */
export async function printUsage(context: CommandContext, options: UsageOptions): Promise<void> {
  const request = { path: "usage", query: { function: options.function, since: options.since } };
  const report = await openAdminClient(context).read(request, usageReportSchema);
  if (options.json === true) {
    writeJson(context, report);
    return;
  }
  const since = report.sinceMs === undefined ? "the beginning" : timeOf(report.sinceMs);
  writeLine(context, `from ${since} to ${timeOf(report.untilMs)}`);
  const rows = report.functions.map((usage) => [
    usage.functionName,
    usage.architecture,
    ...figures(usage),
  ]);
  const header = [
    "function",
    "architecture",
    "requests",
    "errors",
    "cold starts",
    "billed ms",
    "GB-s",
    "AWS list price, USD",
  ];
  writeLine(context, renderTable(header, [...rows, ["total", "", ...figures(report.total)]]));
}
