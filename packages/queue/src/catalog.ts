import { type InvocationJob, invocationJobSchema } from "@paddock/contracts";
import type { z } from "zod";

/**
 * The one kind of job and the queues that hold it: one queue for each version of a function, named
 * `<functionName>.<LATEST|n>`.
 */

export interface QueueAddress {
  readonly functionName: string;
  /** `$LATEST` or a version's number. */
  readonly version: string;
}

export const invocationJob: {
  readonly name: string;
  readonly schema: z.ZodType<InvocationJob>;
} = { name: "invocation", schema: invocationJobSchema };

export function queueName({ functionName, version }: QueueAddress): string {
  return `${functionName}.${version === "$LATEST" ? "LATEST" : version}`;
}

const QUEUE_NAME = /^([a-zA-Z0-9-_]{1,64})\.(LATEST|[0-9]{1,19})$/;

/** Undefined where the text is no queue's name. */
export function parseQueueName(name: string): QueueAddress | undefined {
  const [, functionName, token] = QUEUE_NAME.exec(name) ?? [];
  if (functionName === undefined || token === undefined) return undefined;
  return { functionName, version: token === "LATEST" ? "$LATEST" : token };
}
