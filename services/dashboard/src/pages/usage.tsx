import type { UsageReport } from "@paddock/contracts/admin";
import { api } from "../api.ts";
import { formatNumber } from "../parts/format.ts";
import { QueryView } from "../parts/query-view.tsx";
import { type Column, Table } from "../parts/table.tsx";

type Row = { readonly functionName: string } & UsageReport["total"];

const columns: readonly Column<Row>[] = [
  { title: "Function", cell: (row) => row.functionName },
  { title: "Requests", cell: (row) => formatNumber(row.requests), isNumber: true },
  { title: "Errors", cell: (row) => formatNumber(row.errors), isNumber: true },
  { title: "Cold starts", cell: (row) => formatNumber(row.coldStarts), isNumber: true },
  { title: "GB-seconds", cell: (row) => formatNumber(row.gbSeconds, 3), isNumber: true },
  { title: "AWS list price, $", cell: (row) => formatNumber(row.listPriceUsd, 6), isNumber: true },
];

export function UsagePage() {
  return (
    <QueryView name="usage" read={api.usage}>
      {({ functions, total }) => (
        <Table
          rows={[...functions, { functionName: "All functions", ...total }]}
          columns={columns}
          rowKey={(row) => row.functionName}
          empty="Nothing has been metered yet."
        />
      )}
    </QueryView>
  );
}
