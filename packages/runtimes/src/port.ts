/**
 * The runtime port: how the worker talks to the code that runs inside a sandbox, whatever carries it.
 * Two carriers: our own bootstraps over a framed socket (descriptor 3), and the HTTP Runtime API
 * (2018-06-01) for everything else.
 *
 * Order: `booted` → `initialize` once → `invoke` one at a time. Whatever comes from inside is not
 * trusted: it is bounded, and what breaks the protocol ends the session with `failed`.
 * The session knows no deadline and kills nothing: the worker does, and then calls `close`.
 *
 * After `failed` or `close`, what is pending stays pending for ever, and so does what is called
 * later: listen to `failed` once instead of racing it with each invocation. What arrived before the
 * failure was given out before it: an error that a dying process posted comes first. Calls out of
 * order (`invoke` before `ready`, two at a time) throw: they are mistakes of the worker.
 */
export interface RuntimeSession {
  /** The process inside is up and waits for `initialize`. For the HTTP carrier: at once. */
  readonly booted: Promise<void>;
  /** Loads the handler. Resolves when the runtime asked for its first event, or reported failure. */
  initialize(options: InitializeOptions): Promise<InitializeOutcome>;
  /** Hands over one event. Resolves with the answer; the environment is ready again after `settled`. */
  invoke(invocation: RuntimeInvocation): Promise<InvocationOutcome>;
  /** Resolves when the runtime asks for the next event after an answer. */
  settled(): Promise<void>;
  /** Resolves when the runtime broke the protocol or closed its socket; never rejects. */
  readonly failed: Promise<{ readonly reason: string }>;
  /** Lets go of the transport without resolving `failed`. Calling it again is harmless. */
  close(): void;
}

export interface InitializeOptions {
  /**
   * `_HANDLER`, the AWS_* variables, the runtime's own and the user's: the function's whole
   * environment. The framed carrier replaces the booted process's environment by it; the HTTP
   * carrier ignores it, because its process was started with it.
   */
  readonly environment: Readonly<Record<string, string>>;
  readonly handler: string;
}

export type InitializeOutcome =
  | { readonly kind: "ready" }
  /** `payload` is what the runtime posted to /init/error, to be passed on as it is. */
  | { readonly kind: "error"; readonly errorType: string; readonly payload: Uint8Array };

export interface RuntimeInvocation {
  readonly requestId: string;
  /** Unique per attempt: the Lambda-Runtime-Invocation-Id header. */
  readonly invocationId: string;
  readonly deadlineMs: number;
  readonly invokedFunctionArn: string;
  readonly traceHeader: string;
  readonly clientContext?: string;
  readonly cognitoIdentity?: string;
  readonly event: Uint8Array;
}

export type InvocationOutcome =
  | { readonly kind: "response"; readonly payload: Uint8Array; readonly contentType?: string }
  | { readonly kind: "error"; readonly errorType: string; readonly payload: Uint8Array }
  /** The answer was over the limit: 413 went to the runtime. */
  | { readonly kind: "response-too-large" };

/** A log line of the function; `text` keeps inner line breaks, and has none at its end. */
export interface FunctionLogLine {
  readonly timestampMs: number;
  readonly text: string;
}

/** What the worker needs to start a runtime in a sandbox. */
export interface RuntimeDefinition {
  /** As in the Lambda API, such as `nodejs24.x`. */
  readonly identifier: string;
  readonly transport: "channel" | "listener";
  /** Program and arguments inside the sandbox. */
  readonly command: readonly string[];
  readonly binds: readonly { readonly source: string; readonly target: string }[];
  /** Variables of the runtime itself, such as LD_LIBRARY_PATH and NODE_PATH. */
  readonly environment: Readonly<Record<string, string>>;
  /** Printed on INIT_START. */
  readonly runtimeVersion: string;
  /** True: the command runs before there is code, so that it may wait in a pool. */
  readonly preBootable: boolean;
}
