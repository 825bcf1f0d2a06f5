/** A sandbox could not be made or changed; the message says what and, if it can be, what helps. */
export class SandboxError extends Error {
  override readonly name = "SandboxError";

  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
  }
}

/** Message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
