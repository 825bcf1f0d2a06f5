/** What functions run in: in red, wherever it is shown, where that is nothing. */
import { useQuery } from "@tanstack/react-query";
import { api } from "../api.ts";

export function Isolation({ kind }: { readonly kind: string }) {
  if (kind !== "process") return <span>{kind}</span>;
  return <span className="unisolated">process (not isolated)</span>;
}

export function Isolations({ kinds }: { readonly kinds: readonly string[] }) {
  if (kinds.length === 0) return <span>no worker</span>;
  return kinds.map((kind, index) => (
    <span key={kind}>
      {index === 0 ? "" : ", "}
      <Isolation kind={kind} />
    </span>
  ));
}

/** On every page, for as long as any worker isolates nothing. */
export function IsolationWarning() {
  const { data } = useQuery({ queryKey: ["status"], queryFn: api.status });
  if (data?.isolations.includes("process") !== true) return undefined;
  return (
    <strong role="alert" className="unisolated">
      Functions are not isolated
    </strong>
  );
}
