import { api } from "../api.ts";
import { formatNumber, formatTime } from "../parts/format.ts";
import { Isolations } from "../parts/isolation.tsx";
import { QueryView } from "../parts/query-view.tsx";

export function OverviewPage() {
  return (
    <QueryView name="status" read={api.status}>
      {(status) => (
        <dl>
          <dt>Lambda API</dt>
          <dd>{status.publicUrl}</dd>
          <dt>Region, account</dt>
          <dd>
            {status.region}, {status.accountId}
          </dd>
          <dt>Functions</dt>
          <dd>{formatNumber(status.functions)}</dd>
          <dt>Triggers</dt>
          <dd>{formatNumber(status.triggers)}</dd>
          <dt>Workers</dt>
          <dd>{formatNumber(status.workers)}</dd>
          <dt>Isolation</dt>
          <dd>
            <Isolations kinds={status.isolations} />
          </dd>
          <dt>Environments</dt>
          <dd>
            {status.environments.busy} busy, {status.environments.idle} idle,{" "}
            {status.environments.starting} starting
          </dd>
          <dt>Memory granted</dt>
          <dd>
            {formatNumber(status.memoryGrantedMb)} of {formatNumber(status.memoryCapacityMb)} MB
          </dd>
          <dt>Runtimes</dt>
          <dd>{status.runtimes.join(", ")}</dd>
          <dt>Version</dt>
          <dd>
            {status.version}, since {formatTime(status.startedAtMs)}
          </dd>
        </dl>
      )}
    </QueryView>
  );
}
