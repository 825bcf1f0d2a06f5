import type {
  AsyncInvocation,
  CredentialRecord,
  SyncInvocation,
  UsageRecord,
  VersionRecord,
} from "@paddock/contracts";

/**
 * Who carries invocations on. Both methods reject with PaddockError only: what the caller is told.
 */
export interface Invocations {
  /**
   * Runs an invocation and waits for its end. Resolves also when the function failed; rejects when
   * no function ran (throttled, refused), or when it could not be learnt what became of it: its
   * worker died, say. An invocation that nobody received is sent again for a moment; once a worker may
   * have it, nothing is tried again behind the caller's back.
   */
  run(invocation: SyncInvocation, event: Uint8Array, version: VersionRecord): Promise<Completion>;
  /** Resolves when the event is stored and cannot get lost. A rejected one may be stored or not. */
  accept(invocation: AsyncInvocation, event: Uint8Array): Promise<void>;
}

/** A function ran. */
export interface Completion {
  readonly executedVersion: string;
  /** Present: the function failed, and the payload is the error document. */
  readonly functionError: "Unhandled" | undefined;
  readonly logTailBase64: string | undefined;
  /** The runtime's bytes, untouched. */
  readonly payload: Uint8Array;
}

/** Where attempts go on record whose workers were missed. Never waits, never throws. */
export interface LostAttempts {
  record(record: UsageRecord): void;
}

/** The credentials that are known now; reading them costs no hop. */
export interface KnownCredentials {
  /** Works without its object: it is handed on as a function. */
  readonly find: (accessKeyId: string) => CredentialRecord | undefined;
}
