import type { FateRecord, Target, UsageRecord, VersionRecord } from "@paddock/contracts";
/**
 * What the worker's environments and lanes need from outside. Adapters implement these over the
 * bus, the queue, the disk and the sandbox; the rest of the worker sees only this page.
 */
import type { CodeMounts, Isolation, Sandbox, SandboxOptions, Scratch } from "@paddock/sandbox";

/** Time, so that tests can hold it. `nowMs` is the epoch's, `monotonicMs` never goes back. */
export interface Clock {
  nowMs(): number;
  monotonicMs(): number;
}

/**
 * Where usage records and fates go. `record…` returns after the record is safe from the death of
 * this process; it reaches the ledger later, and may reach it twice: its key makes it count once.
 */
export interface UsageRecorder {
  /** An attempt begins. The record is what the ledger gets if none follows: see `lostAttempt`. */
  recordBegun(ifLost: UsageRecord): void;
  recordUsage(record: UsageRecord): void;
  recordFate(record: FateRecord): void;
}

export interface LogStreamName {
  readonly functionName: string;
  readonly group: string;
  readonly stream: string;
}

export interface LogEvent {
  readonly timestampMs: number;
  /** One log event, its final line break included. */
  readonly message: string;
}

/**
 * Takes log events without ever blocking the function. What a function writes beyond its allowance,
 * or faster than it can be stored, is dropped and counted; the platform's own lines always stay.
 */
export interface LogSink {
  append(stream: LogStreamName, events: readonly LogEvent[], writer: "function" | "platform"): void;
}

/** Unpacked code and merged layers on this machine's disk. */
export interface CodeStore {
  /** Fetches, verifies and unpacks what is not here yet. The mounts stay valid until `release`. */
  acquire(code: CodeOfVersion): Promise<CodeLease>;
}

export type CodeOfVersion = Pick<VersionRecord, "codeSha256" | "layers">;

export interface CodeLease {
  readonly mounts: CodeMounts;
  release(): void;
}

/** The part of the sandbox provider that environments use. */
export interface SandboxSource {
  readonly isolation: Isolation;
  create(options: SandboxOptions): Promise<Sandbox>;
  createScratch(options: { sizeMb: number }): Promise<Scratch>;
}

/** Gives an environment's lease back to the router's accounts. Safe to call twice. */
export interface LeaseReturn {
  release(environmentIds: readonly string[]): Promise<unknown>;
}

/** The read model: what control last published. */
export interface VersionSource {
  getVersion(functionName: string, version: string): VersionRecord | undefined;
  /** Of a configuration that was replaced the present one; any other target as it is. */
  currentTarget(target: Target): Target;
  onChange(listener: (functionName: string) => void): void;
}

/** True when `record` is the configuration that `target` was made for. */
export function isCurrent(target: Target, record: VersionRecord | undefined): boolean {
  return record !== undefined && record.configId === target.configId;
}
