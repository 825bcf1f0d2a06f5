import { limits } from "@paddock/contracts";

export const eventSourceLimits = {
  /** The event document must fit an asynchronous invocation. */
  documentBytes: limits.asyncRequestPayloadBytes,
} as const;
