import type {
  DrainQueue,
  FateRecord,
  FunctionRecord,
  InvocationJob,
  PlacedInvocation,
  PreWarmEnvironment,
  ReclaimEnvironments,
  SyncInvocation,
  Target,
  VersionRecord,
} from "@paddock/contracts";
import type { Reservation, ReservationOutcome } from "@paddock/queue";

/** What the router needs from outside. Adapters implement it over the bus and the queue. */

export interface Clock {
  /** Epoch milliseconds. */
  nowMs(): number;
}

/** The read model of functions, in memory. Complete before the router starts. */
export interface FunctionLookup {
  getFunction(functionName: string): FunctionRecord | undefined;
  getVersion(functionName: string, version: string): VersionRecord | undefined;
  /** Of a configuration that was replaced the present one; any other target as it is. */
  currentTarget(target: Target): Target;
  /** True once what is not known here is; false when there is none. Costs a request. */
  arrived(functionName: string, qualifier?: string): Promise<boolean>;
  functions(): Iterable<FunctionRecord>;
}

/** Exact over all routers; a reservation is one atomic step. */
export interface Leases {
  reserve(reservation: Reservation): Promise<ReservationOutcome>;
  release(environmentIds: readonly string[]): Promise<number>;
  /** All leases, and those of each function. */
  counts(): Promise<{ readonly total: number; readonly byFunction: ReadonlyMap<string, number> }>;
}

/** Commands to workers: at most once, so each has a consequence that somebody else repairs. */
export interface WorkerCommands {
  /** A lost one leaves leases that the worker does not know: they end with its lease. */
  drain(workerId: string, command: DrainQueue): void;
  /** A lost one leaves a lease, as with `drain`. */
  preWarm(workerId: string, command: PreWarmEnvironment): void;
  /** Environments that are gone. None when the worker does not answer in time. */
  reclaim(workerId: string, command: ReclaimEnvironments): Promise<readonly string[]>;
  /** This queue has work. */
  hint(queue: QueueAddress): void;
}

export interface QueueAddress {
  readonly functionName: string;
  readonly version: string;
}

export interface QueueCounts {
  readonly ready: number;
  readonly active: number;
  /** Left the queue since it was last empty. */
  readonly finished: number;
  /** Undefined: nothing is left in the queue. */
  readonly lookAgainMs: number | undefined;
}

/** Queued invocations. Every call may be made by several routers at once. */
export interface Queues {
  /** A request id that its queue holds already is passed over. Resolves when all are stored. */
  addMany(jobs: readonly InvocationJob[]): Promise<readonly QueueAddress[]>;
  look(queue: QueueAddress): Promise<QueueCounts>;
  dueQueues(): Promise<readonly QueueAddress[]>;
  nextLookMs(): Promise<number | undefined>;
  /** Request ids of jobs that lost their worker and wait again. */
  recoverStalled(queue: QueueAddress): Promise<readonly string[]>;
  /**
   * Ends up to `count` jobs of a queue, due or not: `record` makes their fates safe first, so
   * that a death in between repeats them. Returns how many.
   */
  giveUp(
    queue: QueueAddress,
    count: number,
    record: (jobs: readonly InvocationJob[]) => Promise<void>,
  ): Promise<number>;
}

/** Fates that the router itself decides. Resolves when they are stored. */
export interface FateLedger {
  record(fates: readonly FateRecord[]): Promise<void>;
}

/** A synchronous invocation that somebody waits for. Exactly one of the three is called, once. */
export interface Applicant {
  readonly invocation: SyncInvocation;
  /** Nobody waits any more. */
  dismiss(): void;
  refuse(refusal: Refusal): void;
  /** The worker answers the one who asked. */
  run(workerId: string, placed: PlacedInvocation): void;
}

export interface Refusal {
  readonly errorCode: "TooManyRequestsException" | "ServiceException" | "ResourceNotFoundException";
  readonly message: string;
  readonly reason?: string;
}
