import type { WorkerStatus } from "@paddock/contracts";
import { statusReportSchema, workerListSchema } from "@paddock/contracts/admin";
import { findAdminEndpoint } from "../admin/endpoint.ts";
import { isolationCell, isolationText } from "../output/isolation.ts";
import { renderTable } from "../output/table.ts";
import { timeOf } from "../output/text.ts";
import { readCommandSettings } from "../settings/command-settings.ts";
import { type CommandContext, openAdminClient, writeJson, writeLine } from "./command.ts";

type EnvironmentCounts = Pick<
  WorkerStatus["environments"][number],
  "starting" | "busy" | "idle" | "frozen"
>;

export async function printStatus(
  context: CommandContext,
  options: { json?: boolean },
): Promise<void> {
  const report = await openAdminClient(context).read({ path: "status" }, statusReportSchema);
  if (options.json === true) {
    writeJson(context, report);
    return;
  }
  const { starting, busy, idle } = report.environments;
  const rows = [
    ["version", report.version],
    ["Lambda API", report.publicUrl],
    ["region, account", `${report.region}, ${report.accountId}`],
    ["running since", timeOf(report.startedAtMs)],
    ["functions", String(report.functions)],
    ["triggers", String(report.triggers)],
    ["workers", String(report.workers)],
    ["isolation", report.isolations.map(isolationText).join("; ")],
    ["runtimes", report.runtimes.join(" ")],
    ["environments", `${busy} busy, ${idle} idle, ${starting} starting`],
    ["functions' memory", `${report.memoryGrantedMb} of ${report.memoryCapacityMb} MB`],
  ];
  writeLine(context, renderTable(["paddock", ""], rows));
}

function sumOf(environments: readonly EnvironmentCounts[], key: keyof EnvironmentCounts): number {
  return environments.reduce((sum, counts) => sum + counts[key], 0);
}

const workerHeader = [
  ...["worker", "host", "pid", "isolation"],
  ...["starting", "busy", "idle", "of them frozen", "pre-booted"],
  ...["MB granted", "MB used", "state"],
];

function workerRow(worker: WorkerStatus): (string | number)[] {
  const { environments } = worker;
  return [
    ...[worker.workerId, worker.hostName, worker.pid, isolationCell(worker.isolation)],
    ...(["starting", "busy", "idle", "frozen"] as const).map((key) => sumOf(environments, key)),
    worker.prebooted,
    `${worker.memoryGrantedMb}/${worker.memoryCapacityMb}`,
    `${worker.memoryUsedMb}/${worker.memoryUseLimitMb}`,
    worker.draining ? "draining" : "taking work",
  ];
}

export async function printWorkers(
  context: CommandContext,
  options: { json?: boolean },
): Promise<void> {
  const { workers } = await openAdminClient(context).read({ path: "workers" }, workerListSchema);
  if (options.json === true) {
    writeJson(context, workers);
    return;
  }
  writeLine(context, renderTable(workerHeader, workers.map(workerRow)));
}

/** The token stands behind the `#`, which browsers do not send to servers. */
export function printDashboard(context: CommandContext): void {
  const endpoint = findAdminEndpoint(readCommandSettings(context.commandFlags));
  writeLine(context, `${endpoint.url}/_paddock/#token=${endpoint.token}`);
}
