import type { WorkerStatus } from "@paddock/contracts";
import type { StatusReport } from "@paddock/contracts/admin";

type Known = Pick<
  StatusReport,
  "version" | "publicUrl" | "startedAtMs" | "region" | "accountId" | "functions" | "triggers"
>;

/** What is known of the installation, and the sum of what its workers say. */
export function toStatusReport(known: Known, workers: readonly WorkerStatus[]): StatusReport {
  const environments = workers.flatMap((worker) => worker.environments);
  const sum = <Entry>(entries: readonly Entry[], figure: (entry: Entry) => number) =>
    entries.reduce((total, entry) => total + figure(entry), 0);
  return {
    product: "paddock",
    ...known,
    workers: workers.length,
    isolations: [...new Set(workers.map((worker) => worker.isolation))].toSorted(),
    runtimes: [...new Set(workers.flatMap((worker) => worker.runtimes))].toSorted(),
    environments: {
      starting: sum(environments, (entry) => entry.starting),
      busy: sum(environments, (entry) => entry.busy),
      idle: sum(environments, (entry) => entry.idle),
    },
    memoryCapacityMb: sum(workers, (worker) => worker.memoryCapacityMb),
    memoryGrantedMb: sum(workers, (worker) => worker.memoryGrantedMb),
  };
}
