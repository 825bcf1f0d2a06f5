import type { WorkerList } from "@paddock/contracts/admin";
import { api } from "../api.ts";
import { formatNumber, formatTime } from "../parts/format.ts";
import { Isolation } from "../parts/isolation.tsx";
import { QueryView } from "../parts/query-view.tsx";
import { type Column, Table } from "../parts/table.tsx";

type Worker = WorkerList["workers"][number];
type State = "starting" | "busy" | "idle" | "frozen";

const count = (worker: Worker, state: State): number =>
  worker.environments.reduce((sum, environments) => sum + environments[state], 0);

const columns: readonly Column<Worker>[] = [
  { title: "Worker", cell: (row) => <code>{row.workerId}</code> },
  { title: "Host", cell: (row) => row.hostName },
  { title: "Isolation", cell: (row) => <Isolation kind={row.isolation} /> },
  { title: "Since", cell: (row) => formatTime(row.startedAtMs) },
  { title: "Starting", cell: (row) => count(row, "starting"), isNumber: true },
  { title: "Busy", cell: (row) => count(row, "busy"), isNumber: true },
  { title: "Idle", cell: (row) => count(row, "idle"), isNumber: true },
  { title: "Of them frozen", cell: (row) => count(row, "frozen"), isNumber: true },
  { title: "Pre-booted", cell: (row) => row.prebooted, isNumber: true },
  {
    title: "Memory granted, MB",
    cell: (row) => `${formatNumber(row.memoryGrantedMb)} / ${formatNumber(row.memoryCapacityMb)}`,
    isNumber: true,
  },
  {
    title: "Memory used, MB",
    cell: (row) => `${formatNumber(row.memoryUsedMb)} / ${formatNumber(row.memoryUseLimitMb)}`,
    isNumber: true,
  },
];

export function WorkersPage() {
  return (
    <QueryView name="workers" read={api.workers}>
      {({ workers }) => (
        <Table
          rows={workers}
          columns={columns}
          rowKey={(row) => row.workerId}
          empty="No worker has reported in the last seconds."
        />
      )}
    </QueryView>
  );
}
