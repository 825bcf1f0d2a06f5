import { limits } from "@paddock/contracts";

/** Bounds on what comes out of a sandbox. Everything that is not listed is unbounded by design. */
export const runtimeLimits = {
  /** Largest log frame's text; the bootstraps split longer lines. CloudWatch's event limit. */
  logTextBytes: limits.logEventBytes,
  /** What a runtime may name as an error type or a content type. */
  labelBytes: 1024,
  /** Below this, event and header are copied into one buffer instead of written as a vector. */
  singleWriteBytes: 32 * 1024,
  /** First allocation of a body of unknown length; it doubles from there. */
  initialBodyBytes: 4 * 1024,
  /** Request line and headers of a call to the Runtime API; runtimes send X-Ray causes in one. */
  httpHeaderBytes: 1024 * 1024 + 16 * 1024,
  /** Open connections to one sandbox's Runtime API: one runtime, up to 10 extensions, and room. */
  httpConnections: 64,
  /** Body of /init/error, /error: AWS's own clients post a few KiB. */
  errorPayloadBytes: limits.responsePayloadBytes,
  /** Links followed when a `bootstrap` is a symbolic link, as in Linux's own limit. */
  bootstrapLinkHops: 40,
  /** Time an interpreter has to say its version when runtimes are looked for. */
  versionProbeMs: 10_000,
  /** What an interpreter may print when it is asked for its version. */
  versionProbeBytes: 4 * 1024,
} as const;

if (runtimeLimits.labelBytes >= 0xffff) {
  throw new Error("labelBytes has to fit the frame's 16-bit length");
}
