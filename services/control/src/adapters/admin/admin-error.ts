import { PaddockError } from "@paddock/contracts";
import type { AdminError } from "@paddock/contracts/admin";
import { InvalidCursorError } from "@paddock/store";
import type { z } from "zod";

/** An answer of Paddock's own API other than success. */
export class AdminRefusal extends Error {
  override readonly name = "AdminRefusal";
  readonly status: 400 | 401 | 404 | 413;
  readonly code: string;

  constructor(status: 400 | 401 | 404 | 413, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export function toAdminError(error: unknown): { status: number; body: AdminError } {
  if (error instanceof AdminRefusal) return answer(error.status, error.code, error.message);
  if (error instanceof InvalidCursorError) return answer(400, "InvalidCursor", error.message);
  if (error instanceof PaddockError) {
    return answer(error.entry.status, error.code, error.message);
  }
  if (error instanceof Error && "statusCode" in error && typeof error.statusCode === "number") {
    if (error.statusCode < 500) return answer(error.statusCode, "InvalidRequest", error.message);
  }
  return answer(500, "InternalError", "Control could not answer; its log says why.");
}

function answer(status: number, code: string, message: string) {
  return { status, body: { error: { code, message } } };
}

/** Reads a query or a body; says which members are wrong. */
export function readAdminInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const reasons = result.error.issues.map((issue) =>
    issue.path.length === 0 ? issue.message : `${issue.path.join(".")}: ${issue.message}`,
  );
  throw new AdminRefusal(400, "InvalidRequest", reasons.join("; "));
}
