/** Loading, failing, or the answer: the same on every page. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ApiError } from "../api.ts";
import { forgetToken } from "../token.ts";

export function QueryView<Value>({
  name,
  read,
  children,
}: {
  readonly name: string;
  readonly read: () => Promise<Value>;
  readonly children: (value: Value) => ReactNode;
}) {
  const query = useQuery({ queryKey: [name], queryFn: read });
  if (query.data !== undefined) return children(query.data);
  if (query.error === null) return <p>Loading…</p>;
  if (query.error instanceof ApiError && query.error.status === 401) {
    const again = (): void => {
      forgetToken();
      location.reload();
    };
    return (
      <p role="alert">
        The admin token is not valid.{" "}
        <button type="button" onClick={again}>
          Enter another
        </button>
      </p>
    );
  }
  return <p role="alert">{query.error.message}</p>;
}
