import type { InvocationSummary } from "@paddock/contracts/admin";
import { useState } from "react";
import { api } from "../api.ts";
import { formatTime } from "../parts/format.ts";
import { QueryView } from "../parts/query-view.tsx";
import { type Column, Table } from "../parts/table.tsx";
import { InvocationDetails } from "./invocation-details.tsx";

const columns: readonly Column<InvocationSummary>[] = [
  { title: "Accepted", cell: (row) => formatTime(row.acceptedAtMs) },
  { title: "Function", cell: (row) => row.functionName },
  { title: "State", cell: (row) => <span className={`state ${row.state}`}>{row.state}</span> },
  { title: "Type", cell: (row) => row.invocationType },
  { title: "Trigger", cell: (row) => row.triggerDetail ?? row.trigger ?? "" },
  { title: "Attempts", cell: (row) => row.attempts, isNumber: true },
  { title: "Error", cell: (row) => row.errorType ?? "" },
  { title: "Request", cell: (row) => <code>{row.requestId}</code> },
];

export function InvocationsPage() {
  const [requestId, setRequestId] = useState<string>();
  if (requestId !== undefined) {
    return <InvocationDetails requestId={requestId} onBack={() => setRequestId(undefined)} />;
  }
  return (
    <QueryView name="invocations" read={api.invocations}>
      {({ invocations }) => (
        <Table
          rows={invocations}
          columns={columns}
          rowKey={(row) => row.requestId}
          empty="Nothing has been invoked yet."
          onRow={(row) => setRequestId(row.requestId)}
        />
      )}
    </QueryView>
  );
}
