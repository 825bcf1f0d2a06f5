import type { InvocationDetail } from "@paddock/contracts/admin";
import { api } from "../api.ts";
import { formatNumber, formatTime } from "../parts/format.ts";
import { Isolation } from "../parts/isolation.tsx";
import { QueryView } from "../parts/query-view.tsx";
import { type Column, Table } from "../parts/table.tsx";

type Attempt = InvocationDetail["attempts"][number];

const columns: readonly Column<Attempt>[] = [
  { title: "Attempt", cell: (row) => row.attempt, isNumber: true },
  { title: "Started", cell: (row) => formatTime(row.startedAtMs) },
  { title: "Outcome", cell: (row) => row.outcome },
  { title: "Duration, ms", cell: (row) => formatNumber(row.durationMs, 2), isNumber: true },
  { title: "Init, ms", cell: (row) => formatNumber(row.initMs, 2), isNumber: true },
  { title: "Billed, ms", cell: (row) => formatNumber(row.billedMs), isNumber: true },
  { title: "Peak, MB", cell: (row) => row.peakMemoryMb, isNumber: true },
  { title: "Cold start", cell: (row) => row.coldStart?.kind ?? "" },
  { title: "Why", cell: (row) => row.coldStartSentence ?? "" },
  { title: "Acquire, boot, bind, init, ms", cell: (row) => phasesOf(row) },
  { title: "Isolation", cell: (row) => <Isolation kind={row.isolation} /> },
  { title: "Worker", cell: (row) => row.workerId },
];

/** A dash stands for a phase that this cold start did not have. */
function phasesOf({ coldStart }: Attempt): string {
  const phases = coldStart?.phases;
  if (phases === undefined) return "";
  return [phases.acquireMs, phases.bootMs, phases.bindMs, phases.initMs]
    .map((ms) => (ms === undefined ? "–" : formatNumber(ms, 2)))
    .join(", ");
}

export function InvocationDetails({
  requestId,
  onBack,
}: {
  readonly requestId: string;
  readonly onBack: () => void;
}) {
  return (
    <>
      <button type="button" onClick={onBack}>
        Back to the list
      </button>
      <QueryView name={`invocation-${requestId}`} read={() => api.invocation(requestId)}>
        {({ invocation, attempts, logLines }) => (
          <>
            <h2>
              {invocation.functionName} <code>{requestId}</code>
            </h2>
            <p>
              {invocation.state}
              {invocation.errorMessage === undefined ? "" : `: ${invocation.errorMessage}`}
            </p>
            <Table
              rows={attempts}
              columns={columns}
              rowKey={(row) => String(row.attempt)}
              empty="No attempt has ended yet."
            />
            <pre>{logLines.map((line) => line.message).join("")}</pre>
          </>
        )}
      </QueryView>
    </>
  );
}
