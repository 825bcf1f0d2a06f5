import { z } from "zod";
import { requestIdSchema, versionSchema } from "../identifiers.ts";

/**
 * Worker or router → gateway: how a synchronous invocation ended. A frame: this document, then the
 * result's (or the error document's) bytes as the runtime sent them.
 */
export const invocationResultSchema = z.discriminatedUnion("status", [
  z.object({
    status: z.literal("completed"),
    requestId: requestIdSchema,
    executedVersion: versionSchema,
    /** Present when the function failed; the payload is then the error document. */
    functionError: z.literal("Unhandled").optional(),
    logTailBase64: z.string().optional(),
  }),
  z.object({
    /** The request never reached a function: the payload is empty. */
    status: z.literal("refused"),
    requestId: requestIdSchema,
    /** A code of the error catalogue, such as TooManyRequestsException. */
    errorCode: z.string(),
    message: z.string(),
    /** TooManyRequestsException's Reason. */
    reason: z.string().optional(),
  }),
]);
export type InvocationResult = z.output<typeof invocationResultSchema>;
