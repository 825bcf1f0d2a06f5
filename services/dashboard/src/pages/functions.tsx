import type { FunctionEntry } from "@paddock/contracts/admin";
import { useState } from "react";
import { api } from "../api.ts";
import { formatNumber, formatTime } from "../parts/format.ts";
import { QueryView } from "../parts/query-view.tsx";
import { type Column, Table } from "../parts/table.tsx";
import { FunctionDetails } from "./function-details.tsx";

const columns: readonly Column<FunctionEntry>[] = [
  { title: "Function", cell: (row) => row.functionName },
  { title: "Runtime", cell: (row) => row.runtime },
  { title: "State", cell: (row) => row.state },
  { title: "Memory, MB", cell: (row) => formatNumber(row.memoryMb), isNumber: true },
  { title: "Time-out, s", cell: (row) => row.timeoutSeconds, isNumber: true },
  { title: "Last modified", cell: (row) => formatTime(row.lastModifiedMs) },
];

export function FunctionsPage() {
  const [functionName, setFunctionName] = useState<string>();
  if (functionName !== undefined) {
    return (
      <FunctionDetails functionName={functionName} onBack={() => setFunctionName(undefined)} />
    );
  }
  return (
    <QueryView name="functions" read={api.functions}>
      {({ functions, nextCursor }) => (
        <>
          <Table
            rows={functions}
            columns={columns}
            rowKey={(row) => row.functionName}
            empty="There is no function yet."
            onRow={(row) => setFunctionName(row.functionName)}
          />
          {nextCursor === undefined ? undefined : <p>Only the first of them are shown.</p>}
        </>
      )}
    </QueryView>
  );
}
