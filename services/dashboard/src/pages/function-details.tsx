import type { FunctionPage } from "@paddock/contracts/admin";
import { api } from "../api.ts";
import { formatNumber, formatTime } from "../parts/format.ts";
import { Isolation, Isolations } from "../parts/isolation.tsx";
import { QueryView } from "../parts/query-view.tsx";
import { type Column, Table } from "../parts/table.tsx";

type Environments = FunctionPage["environments"][number];

const columns: readonly Column<Environments>[] = [
  { title: "Worker", cell: (row) => <code>{row.workerId}</code> },
  { title: "Host", cell: (row) => row.hostName },
  { title: "Version", cell: (row) => row.version },
  { title: "Isolation", cell: (row) => <Isolation kind={row.isolation} /> },
  { title: "Starting", cell: (row) => row.starting, isNumber: true },
  { title: "Busy", cell: (row) => row.busy, isNumber: true },
  { title: "Idle", cell: (row) => row.idle, isNumber: true },
  { title: "Of them frozen", cell: (row) => row.frozen, isNumber: true },
];

export function FunctionDetails({
  functionName,
  onBack,
}: {
  readonly functionName: string;
  readonly onBack: () => void;
}) {
  return (
    <>
      <button type="button" onClick={onBack}>
        Back to the list
      </button>
      <h2>{functionName}</h2>
      <QueryView name={`function-${functionName}`} read={() => api.function(functionName)}>
        {(page) => (
          <>
            <Facts page={page} />
            <Table
              rows={page.environments}
              columns={columns}
              rowKey={(row) => `${row.workerId}/${row.version}`}
              empty="It has no execution environment now."
            />
          </>
        )}
      </QueryView>
    </>
  );
}

function Facts({ page }: { readonly page: FunctionPage }) {
  const { function: entry, isolations } = page;
  return (
    <dl>
      <dt>Isolation</dt>
      <dd>
        <Isolations kinds={isolations} />
      </dd>
      <dt>Runtime, handler</dt>
      <dd>
        {entry.runtime}, {entry.handler}
      </dd>
      <dt>State</dt>
      <dd>{entry.state}</dd>
      <dt>Memory</dt>
      <dd>{formatNumber(entry.memoryMb)} MB</dd>
      <dt>Time-out</dt>
      <dd>{entry.timeoutSeconds} s</dd>
      <dt>/tmp</dt>
      <dd>{formatNumber(entry.ephemeralStorageMb)} MB</dd>
      <dt>Code</dt>
      <dd>
        {formatNumber(entry.codeSizeBytes)} bytes, of {formatTime(entry.lastModifiedMs)}
      </dd>
    </dl>
  );
}
