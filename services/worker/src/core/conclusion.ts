/**
 * From what the runtime did, or did not do, to the outcome and the document that the caller gets.
 * Source: lambda-spec.md §2.3 (passed on as they are) and §2.4 (made by the platform).
 */
import type { AttemptOutcome } from "@paddock/contracts";
import {
  exited,
  exitedWithoutReason,
  invalidEntrypoint,
  killed,
  type PlatformErrorDocument,
  responseTooLarge,
  timedOut,
} from "@paddock/lambda-model";

/** What a runtime's answer looks like from here; the runtimes package's outcomes fit it. */
export type RuntimeAnswer =
  | { readonly kind: "response"; readonly payload: Uint8Array }
  | { readonly kind: "error"; readonly errorType: string; readonly payload: Uint8Array }
  | { readonly kind: "response-too-large" };

export type NoAnswer =
  | { readonly kind: "deadline" }
  /** A custom runtime's code has no executable `bootstrap`. */
  | { readonly kind: "no-entrypoint" }
  | {
      readonly kind: "exited";
      readonly exit: {
        readonly exitCode: number | null;
        readonly signal: string | null;
        readonly outOfMemory: boolean;
      };
    };

export type InitializationFailure =
  | { readonly kind: "error"; readonly errorType: string; readonly payload: Uint8Array }
  | NoAnswer;

export interface Conclusion {
  readonly outcome: AttemptOutcome;
  readonly payload: Uint8Array;
  readonly errorType?: string;
}

export interface RequestContext {
  readonly requestId: string;
  readonly timeoutSeconds: number;
}

export function conclude(answer: RuntimeAnswer | NoAnswer, context: RequestContext): Conclusion {
  switch (answer.kind) {
    case "response":
      return { outcome: "succeeded", payload: answer.payload };
    case "error":
      return {
        outcome: "function-error",
        payload: answer.payload,
        errorType: answer.errorType,
      };
    case "response-too-large":
      return platformDocument("function-error", responseTooLarge());
    case "deadline":
    case "no-entrypoint":
    case "exited":
      return concludeWithoutAnswer(answer, context);
  }
}

export function concludeInitialization(
  failure: InitializationFailure,
  context: RequestContext,
): Conclusion {
  if (failure.kind !== "error") return concludeWithoutAnswer(failure, context);
  return { outcome: "init-error", payload: failure.payload, errorType: failure.errorType };
}

function concludeWithoutAnswer(answer: NoAnswer, context: RequestContext): Conclusion {
  const { requestId, timeoutSeconds } = context;
  if (answer.kind === "deadline") {
    return platformDocument("timed-out", timedOut(requestId, timeoutSeconds));
  }
  if (answer.kind === "no-entrypoint") {
    return platformDocument("init-error", invalidEntrypoint(requestId));
  }
  const { exitCode, signal, outOfMemory } = answer.exit;
  if (outOfMemory) return platformDocument("out-of-memory", killed(requestId));
  if (signal !== null) return platformDocument("crashed", killed(requestId, goSignalName(signal)));
  if (exitCode === 0 || exitCode === null) {
    return platformDocument("crashed", exitedWithoutReason(requestId));
  }
  return platformDocument("crashed", exited(requestId, exitCode));
}

/** Something of ours broke: the caller may try again, and nothing is billed. */
export function platformFailure(error: unknown): Conclusion {
  const errorType = "Sandbox.Failure";
  const errorMessage = error instanceof Error ? error.message : String(error);
  const payload = JSON.stringify({ errorType, errorMessage });
  return platformDocument("platform-error", { errorType, errorMessage, payload });
}

function platformDocument(outcome: AttemptOutcome, document: PlatformErrorDocument): Conclusion {
  return {
    outcome,
    payload: Buffer.from(document.payload, "utf8"),
    errorType: document.errorType,
  };
}

const goSignalNames: Readonly<Record<string, string>> = {
  SIGKILL: "killed",
  SIGSEGV: "segmentation fault",
  SIGABRT: "aborted",
  SIGTERM: "terminated",
  SIGILL: "illegal instruction",
  SIGBUS: "bus error",
  SIGFPE: "floating point exception",
  SIGINT: "interrupt",
  SIGHUP: "hangup",
  SIGQUIT: "quit",
  SIGSYS: "bad system call",
  SIGTRAP: "trace/breakpoint trap",
};

/** The agent on AWS is written in Go and prints signals in its words. */
function goSignalName(signal: string): string {
  return goSignalNames[signal] ?? signal.toLowerCase();
}

/** The words of INIT_REPORT for a failed initialisation. */
export function initFailureStatus(failure: InitializationFailure): {
  readonly status: "timeout" | "error";
  readonly errorType?: string;
} {
  if (failure.kind === "deadline") return { status: "timeout" };
  if (failure.kind === "error") return { status: "error", errorType: failure.errorType };
  if (failure.kind === "no-entrypoint") {
    return { status: "error", errorType: "Runtime.InvalidEntrypoint" };
  }
  return { status: "error", errorType: "Runtime.ExitError" };
}
