/**
 * One execution environment: a private /tmp, a log stream and, in sequence, the runtime processes
 * that use them. It runs one invocation at a time.
 *
 * Guarantees: `start` and `run` never reject for anything that the function does; after a time-out,
 * a crash or a failed initialisation the process is gone and the next invocation starts another
 * one in the same environment, with /tmp kept and globals lost (lambda-spec.md §2.4, §3.7).
 */
import { createHash } from "node:crypto";
import type { ColdStartReason, Target, VersionRecord } from "@paddock/contracts";
import { limits as shared } from "@paddock/contracts";
import { commandFor, findBootstrap, type RuntimeDefinition } from "@paddock/runtimes";
import type { CodeMounts } from "@paddock/sandbox";
import {
  type AttemptRequest,
  type AttemptResult,
  billedMsOf,
  type EnvironmentFacts,
  roundMs,
} from "../core/attempt.ts";
import { ColdStartNote } from "../core/cold-start-note.ts";
import {
  conclude,
  type Conclusion,
  concludeInitialization,
  type InitializationFailure,
  platformFailure,
} from "../core/conclusion.ts";
import { functionEnvironment } from "../core/environment-variables.ts";
import { PlatformLog } from "../core/platform-log.ts";
import type { CodeLease, CodeStore, LogSink } from "../ports.ts";
import { LogWriter } from "./log-writer.ts";
import { outputDrained } from "./output-drained.ts";
import {
  type ProcessPlan,
  ProcessSupply,
  type Supplied,
  type SupplyServices,
} from "./process-supply.ts";
import type { RuntimeProcess } from "./runtime-process.ts";

export interface EnvironmentServices extends SupplyServices {
  readonly code: CodeStore;
  readonly logs: LogSink;
  readonly region: string;
  readonly workerId: string;
}

export interface EnvironmentOptions {
  readonly environmentId: string;
  readonly target: Target;
  readonly version: VersionRecord;
  readonly definition: RuntimeDefinition;
  readonly logStream: string;
  readonly reason: ColdStartReason;
}

const noEntrypoint: InitializationFailure = { kind: "no-entrypoint" };

export class ExecutionEnvironment {
  readonly environmentId: string;
  readonly target: Target;
  readonly #options: EnvironmentOptions;
  readonly #services: EnvironmentServices;
  readonly #writer: LogWriter;
  readonly #platformLog: PlatformLog;
  readonly #variables: Readonly<Record<string, string>>;
  readonly #supply: ProcessSupply;
  #codeLease: CodeLease | undefined;
  #process: RuntimeProcess | undefined;
  #peakMemoryBytes = 0;
  /** Initialisation that the next invocation pays for; 0 once it is paid. */
  #unpaidInitMs = 0;
  /** Of the next attempt, or of the one that runs. */
  readonly #coldStart: ColdStartNote;
  #deadlineMs = 0;
  #pendingReport: (() => void) | undefined;
  #destroyed = false;
  #isResetting = false;

  constructor(services: EnvironmentServices, options: EnvironmentOptions) {
    this.#services = services;
    this.#options = options;
    this.environmentId = options.environmentId;
    this.target = options.target;
    this.#coldStart = new ColdStartNote(options.reason);
    const { version, definition, logStream } = options;
    const stream = { functionName: version.functionName, group: version.logging.group };
    this.#writer = new LogWriter(services.logs, { ...stream, stream: logStream }, services.clock);
    this.#platformLog = new PlatformLog({
      version,
      runtimeVersion: definition.runtimeVersion,
      runtimeVersionArn: runtimeVersionArn(services.region, definition.runtimeVersion),
      nowMs: () => services.clock.nowMs(),
    });
    this.#variables = functionEnvironment({
      version,
      region: services.region,
      logStream,
      runtime: definition.environment,
    });
    this.#supply = new ProcessSupply(services, {
      environmentId: options.environmentId,
      version,
      definition,
      environment: this.#variables,
    });
  }

  get facts(): EnvironmentFacts {
    const coldStart = this.#coldStart.current;
    return {
      environmentId: this.environmentId,
      workerId: this.#services.workerId,
      isolation: this.#services.sandboxes.isolation,
      logStream: this.#writer.streamName,
      version: this.#options.version,
      ...(coldStart === undefined ? {} : { coldStart }),
    };
  }

  get isResetting(): boolean {
    return this.#isResetting;
  }

  get isDestroyed(): boolean {
    return this.#destroyed;
  }

  /**
   * The init phase. A function that fails here is tried again inside its first invocation; only a
   * failure of the platform (no code, no sandbox) rejects.
   */
  async start(): Promise<void> {
    const { clock, code } = this.#services;
    const asked = clock.monotonicMs();
    this.#codeLease = await code.acquire(this.#options.version);
    const codeMs = clock.monotonicMs() - asked;
    const plan = this.#plan(this.#codeLease.mounts);
    const supplied = plan === undefined ? undefined : await this.#hold(this.#supply.first(plan));
    this.#writer.platform(this.#platformLog.initStart());
    const began = clock.monotonicMs();
    const failure =
      supplied === undefined
        ? noEntrypoint
        : await this.#initialize(supplied.process, clock.nowMs() + shared.initPhaseMs);
    const initMs = roundMs(clock.monotonicMs() - began);
    const phases = supplied?.phases ?? { acquireMs: 0 };
    const acquireMs = roundMs(codeMs + phases.acquireMs);
    this.#coldStart.started({ ...phases, acquireMs, initMs });
    if (failure === undefined) {
      this.#unpaidInitMs = initMs;
    } else {
      this.#writer.platform(this.#platformLog.initReport(initMs, "init", failure));
    }
  }

  /** Runs one invocation. Call `settle` afterwards, before the environment is used again. */
  async run(request: AttemptRequest): Promise<AttemptResult & { readonly logTail?: string }> {
    const { clock } = this.#services;
    if (request.wantsLogTail) this.#writer.startTail();
    const startedAtMs = clock.nowMs();
    const began = clock.monotonicMs();
    this.#deadlineMs = startedAtMs + this.#options.version.timeoutSeconds * 1000;
    this.#writer.platform(this.#platformLog.start(request.invocation.requestId));
    const conclusion = await this.#execute(request);
    const result = this.#result(conclusion, startedAtMs, roundMs(clock.monotonicMs() - began));
    this.#pendingReport = () => {
      this.#pendingReport = undefined;
      this.#process?.flushOutput();
      this.#writer.platform(...this.#platformLog.end(request.invocation.requestId, result));
    };
    if (!request.wantsLogTail) return result;
    await outputDrained();
    this.#pendingReport();
    return { ...result, logTail: this.#writer.takeTail() };
  }

  /** Ends the invocation's log, waits until the runtime is ready for the next one, or resets it. */
  async settle(): Promise<void> {
    this.#coldStart.settled();
    if (this.#pendingReport !== undefined) {
      await outputDrained();
      this.#pendingReport();
    }
    const running = this.#process;
    if (running === undefined) return;
    const state = await running.settled(this.#deadlineMs);
    if (state !== "ready") await this.#reset();
  }

  /** High-water mark of all its processes so far, and what is in use now. */
  peakMemoryBytes(): number {
    this.#peakMemoryBytes = Math.max(this.#peakMemoryBytes, this.#process?.peakMemoryBytes() ?? 0);
    return this.#peakMemoryBytes;
  }

  memoryUseBytes(): number {
    return this.#process?.memoryUseBytes() ?? 0;
  }

  /** Who comes to an environment that was made ahead, and is ready, meets no cold start. */
  becameIdle(): void {
    if (this.#coldStart.current?.kind !== "pre-warmed") return;
    this.#coldStart.settled();
    this.#unpaidInitMs = 0;
  }

  /** While idle: see idle-freezer.ts. Without a process there is nothing to freeze. */
  freeze(): void {
    this.#process?.freeze();
  }

  thaw(): void {
    this.#process?.thaw();
  }

  async destroy(): Promise<void> {
    if (this.#destroyed) return;
    this.#destroyed = true;
    await this.#reset();
    await this.#supply.removeScratch();
    this.#codeLease?.release();
  }

  /** Loads the handler; what went wrong, or undefined. */
  async #initialize(
    running: RuntimeProcess,
    deadlineMs: number,
  ): Promise<InitializationFailure | undefined> {
    const { handler, memoryMb } = this.#options.version;
    const outcome = await running.initialize({ environment: this.#variables, handler }, deadlineMs);
    if (outcome.kind === "ready") {
      running.endInit(memoryMb);
      return undefined;
    }
    await outputDrained();
    running.flushOutput();
    await this.#reset();
    return outcome;
  }

  /** Undefined: a custom runtime whose code has no `bootstrap`. */
  #plan(mounts: CodeMounts): ProcessPlan | undefined {
    const { definition, version } = this.#options;
    if (!isCustomRuntime(definition)) {
      return { command: commandFor(definition, version.memoryMb), mounts };
    }
    const bootstrap = findBootstrap(mounts);
    return bootstrap === undefined ? undefined : { command: [bootstrap], mounts };
  }

  /** The process that was supplied is this environment's, if the environment is still wanted. */
  async #hold(supply: Promise<Supplied>): Promise<Supplied> {
    const supplied = await supply;
    supplied.process.logTo(this.#writer.functionLine);
    this.#process = supplied.process;
    if (this.#destroyed) {
      await this.#reset();
      await this.#supply.removeScratch();
    }
    return supplied;
  }

  async #execute(request: AttemptRequest): Promise<Conclusion> {
    const { requestId } = request.invocation;
    const timeoutSeconds = this.#options.version.timeoutSeconds;
    const context = { requestId, timeoutSeconds };
    try {
      if (this.#process === undefined || this.#process.hasExited || this.#supply.hasLostScratch) {
        const failure = await this.#initializeInsideInvocation(requestId);
        if (failure !== undefined) return failure;
      }
      const running = this.#process;
      if (running === undefined) throw new Error("The runtime process is gone");
      const outcome = await running.invoke(this.#runtimeInvocation(request), this.#deadlineMs);
      // Its process did not exit: the worker ended it.
      if (this.#destroyed && outcome.kind === "exited") throw new Error("the worker is ending");
      return conclude(outcome, context);
    } catch (error) {
      return platformFailure(error);
    }
  }

  /** The "suppressed init" of a reset environment: it counts as part of the invocation. */
  async #initializeInsideInvocation(requestId: string): Promise<Conclusion | undefined> {
    const { clock } = this.#services;
    await this.#reset();
    const began = clock.monotonicMs();
    const failure = await this.#initializeAgain();
    if (failure === undefined) return undefined;
    const initMs = roundMs(clock.monotonicMs() - began);
    this.#writer.platform(this.#platformLog.initReport(initMs, "invoke", failure));
    return concludeInitialization(failure, {
      requestId,
      timeoutSeconds: this.#options.version.timeoutSeconds,
    });
  }

  async #initializeAgain(): Promise<InitializationFailure | undefined> {
    const mounts = this.#codeLease?.mounts;
    if (mounts === undefined) throw new Error(`Environment ${this.environmentId} was not started`);
    const plan = this.#plan(mounts);
    if (plan === undefined) return noEntrypoint;
    const { clock } = this.#services;
    const supplied = await this.#hold(this.#supply.again(plan, this.#deadlineMs));
    const began = clock.monotonicMs();
    const failure = await this.#initialize(supplied.process, this.#deadlineMs);
    const initMs = roundMs(clock.monotonicMs() - began);
    this.#coldStart.started({ ...supplied.phases, initMs });
    return failure;
  }

  #runtimeInvocation(request: AttemptRequest) {
    const { invocation } = request;
    return {
      requestId: invocation.requestId,
      invocationId: `${invocation.requestId}-${request.attempt}`,
      deadlineMs: this.#deadlineMs,
      invokedFunctionArn: invocation.invokedFunctionArn,
      traceHeader: invocation.traceHeader,
      ...(request.clientContext === undefined ? {} : { clientContext: request.clientContext }),
      event: request.event,
    };
  }

  #result(conclusion: Conclusion, startedAtMs: number, durationMs: number): AttemptResult {
    const initMs = this.#unpaidInitMs;
    this.#unpaidInitMs = 0;
    this.#coldStart.ended(conclusion.outcome);
    const coldStart = this.#coldStart.current;
    return {
      outcome: conclusion.outcome,
      payload: conclusion.payload,
      ...(conclusion.errorType === undefined ? {} : { errorType: conclusion.errorType }),
      durationMs,
      initMs,
      billedMs: billedMsOf(conclusion.outcome, durationMs, initMs),
      peakMemoryMb: this.#peakMemoryMb(),
      startedAtMs,
      finishedAtMs: this.#services.clock.nowMs(),
      ...(coldStart === undefined ? {} : { coldStart }),
    };
  }

  /** High-water mark of the environment: it does not fall between invocations. */
  #peakMemoryMb(): number {
    const peakMb = Math.ceil(this.peakMemoryBytes() / (1024 * 1024));
    return Math.min(peakMb, this.#options.version.memoryMb);
  }

  async #reset(): Promise<void> {
    const running = this.#process;
    if (running === undefined) return;
    this.#process = undefined;
    this.#peakMemoryBytes = Math.max(this.#peakMemoryBytes, running.peakMemoryBytes());
    this.#isResetting = true;
    try {
      await running.destroy();
    } finally {
      this.#isResetting = false;
    }
  }
}

/** AWS names a runtime's build by a hash; ours is the hash of its version. */
function runtimeVersionArn(region: string, runtimeVersion: string): string {
  const build = createHash("sha256").update(runtimeVersion).digest("hex");
  return `arn:aws:lambda:${region}::runtime:${build}`;
}

function isCustomRuntime({ identifier }: RuntimeDefinition): boolean {
  return identifier.startsWith("provided");
}
