/** Control's API, read with the schemas that control writes with. */
import {
  adminErrorSchema,
  functionPageSchema,
  functionsPageSchema,
  invocationDetailSchema,
  invocationsPageSchema,
  statusReportSchema,
  triggerListSchema,
  usageReportSchema,
  workerListSchema,
} from "@paddock/contracts/admin";
import { readToken } from "./token.ts";

interface Schema<Value> {
  parse(value: unknown): Value;
}

export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

async function get<Value>(path: string, schema: Schema<Value>): Promise<Value> {
  const answer = await fetch(`/_paddock/api/${path}`, {
    headers: { authorization: `Bearer ${readToken() ?? ""}` },
  });
  const body: unknown = await answer.json();
  if (answer.ok) return schema.parse(body);
  const known = adminErrorSchema.safeParse(body);
  const message = known.success ? known.data.error.message : `HTTP ${answer.status}`;
  throw new ApiError(answer.status, message);
}

export const api = {
  functions: () => get("functions?limit=1000", functionsPageSchema),
  function: (functionName: string) =>
    get(`functions/${encodeURIComponent(functionName)}`, functionPageSchema),
  status: () => get("status", statusReportSchema),
  workers: () => get("workers", workerListSchema),
  invocations: () => get("invocations?limit=100", invocationsPageSchema),
  invocation: (requestId: string) =>
    get(`invocations/${encodeURIComponent(requestId)}`, invocationDetailSchema),
  usage: () => get("usage", usageReportSchema),
  triggers: () => get("triggers", triggerListSchema),
};
