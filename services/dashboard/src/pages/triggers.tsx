import type { TriggerList } from "@paddock/contracts/admin";
import { api } from "../api.ts";
import { QueryView } from "../parts/query-view.tsx";
import { type Column, Table } from "../parts/table.tsx";

type Trigger = TriggerList["triggers"][number];

const columns: readonly Column<Trigger>[] = [
  { title: "Function", cell: (row) => row.functionName },
  { title: "Kind", cell: (row) => row.kind },
  {
    title: "Fires on",
    cell: (row) => (row.kind === "nats" ? row.subject : `${row.expression} ${row.timeZone}`),
  },
  { title: "Enabled", cell: (row) => (row.enabled ? "yes" : "no") },
  { title: "Id", cell: (row) => <code>{row.triggerId}</code> },
];

export function TriggersPage() {
  return (
    <QueryView name="triggers" read={api.triggers}>
      {({ triggers }) => (
        <Table
          rows={triggers}
          columns={columns}
          rowKey={(row) => row.triggerId}
          empty="No triggers. Add one with: npx paddock trigger add <function> --nats 'events.orders.>'"
        />
      )}
    </QueryView>
  );
}
