/**
 * What the supervisor looks after: a server or a service. `start` resolves when it answers, and
 * rejects, with nothing left running, when it does not.
 */
export interface ManagedProcess {
  /** Name of its log file and in messages to people who look for it: `nats`, `router`. */
  readonly name: string;
  /** What the terminal calls it. */
  readonly title: string;
  /** Names of those that must be ready before it is started. */
  readonly after: readonly string[];
  /** Those with a lower number are stopped, all at once, before those with a higher one. */
  readonly stopWave: number;
  /**
   * `onExit` is called once, and only if it ends after it was ready and without `stop` or `kill`.
   * When `signal` is aborted before it is ready, it is ended and the promise rejects.
   */
  start(onExit: (reason: string) => void, signal: AbortSignal): Promise<StartedProcess>;
}

export interface StartedProcess {
  readonly pid: number;
  /** Shown behind its title: a version, a port. */
  readonly detail?: string;
  /** What is in force on this machine, in its own words. */
  readonly notes?: readonly string[];
  /** Resolves when it is gone; asks first, kills after `cliLimits.stopTimeoutMs`. */
  stop(): Promise<void>;
  /** Kills it and everything it started, at once. */
  kill(): void;
}
