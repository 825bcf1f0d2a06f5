import { limits as shared } from "@paddock/contracts";
import { cpusForMemory } from "@paddock/lambda-model";
import type {
  FunctionLogLine,
  InitializeOptions,
  InitializeOutcome,
  InvocationOutcome,
  RuntimeDefinition,
  RuntimeInvocation,
  RuntimeSession,
} from "@paddock/runtimes";
import { createFramedSession, createHttpSession, readOutputLines } from "@paddock/runtimes";
/**
 * One run of a runtime inside a sandbox: from its start to its end. An execution environment
 * outlives it: after a time-out or a crash the environment starts another one on the same /tmp.
 */
import type {
  CodeMounts,
  NetworkAccess,
  Sandbox,
  SandboxExit,
  SandboxLimits,
  Scratch,
} from "@paddock/sandbox";
import { limits } from "../limits.ts";
import type { SandboxSource } from "../ports.ts";
import { outputDrained } from "./output-drained.ts";

/** Why waiting for the runtime ended without its answer. */
export type Interruption =
  | { readonly kind: "exited"; readonly exit: SandboxExit }
  | { readonly kind: "deadline" };

export interface LaunchOptions {
  readonly sandboxId: string;
  readonly definition: RuntimeDefinition;
  /** Program and arguments inside: the definition's, or the `bootstrap` of the code. */
  readonly command: readonly string[];
  readonly memoryMb: number;
  /** See SandboxLimits; the whole share when absent. */
  readonly cpuWeight?: number;
  readonly scratch: Scratch;
  /** Absent: the process boots and waits for `adopt`. */
  readonly code?: CodeMounts;
  readonly environment: Readonly<Record<string, string>>;
  /** What the function may reach beyond the outside. */
  readonly access?: NetworkAccess | undefined;
}

type OnLog = (line: FunctionLogLine) => void;

export class RuntimeProcess {
  readonly #sandbox: Sandbox;
  readonly #session: RuntimeSession;
  readonly #output: readonly { flush(): void }[];
  #onLog: OnLog = () => undefined;
  #exit: SandboxExit | undefined;
  #hasBooted = false;
  #onExit: ((exit: SandboxExit) => void) | undefined;
  #destroyed: Promise<void> | undefined;

  static async launch(source: SandboxSource, options: LaunchOptions): Promise<RuntimeProcess> {
    const { access, definition, code, cpuWeight } = options;
    const sizes = initLimits(options.memoryMb);
    const sandbox = await source.create({
      sandboxId: options.sandboxId,
      command: options.command,
      environment: options.environment,
      binds: definition.binds,
      scratch: options.scratch,
      limits: cpuWeight === undefined ? sizes : { ...sizes, cpuWeight },
      transport: definition.transport,
      ...(code === undefined ? {} : { code }),
      ...(access === undefined ? {} : { access }),
    });
    return new RuntimeProcess(sandbox);
  }

  private constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
    const onLog: OnLog = (line) => this.#onLog(line);
    this.#session = openSession(sandbox, onLog);
    const lineOptions = { maxLineBytes: limits.logEventBytes };
    this.#output = [
      readOutputLines(sandbox.stdout, onLog, lineOptions),
      readOutputLines(sandbox.stderr, onLog, lineOptions),
    ];
    void this.#session.booted.then(() => (this.#hasBooted = true));
    void sandbox.exited.then((exit) => this.#ended(exit));
    void this.#session.failed.then(() => this.#endSoon());
  }

  /** The process has booted and waits; false when it ended, or did not within this time. */
  async booted(withinMs: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const isLate = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), withinMs);
    });
    const hasEnded = this.#sandbox.exited.then(() => false);
    const isBooted = this.#session.booted.then(() => true);
    try {
      return await Promise.race([isBooted, hasEnded, isLate]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Makes a process that was started without code the one of a function, at its full share of CPU. */
  async adopt(
    code: CodeMounts,
    memoryMb: number,
    access: NetworkAccess | undefined,
  ): Promise<void> {
    this.#sandbox.setLimits(initLimits(memoryMb));
    if (access !== undefined) await this.#sandbox.permit(access);
    this.#sandbox.attachCode(code);
  }

  /** After initialisation: from now on the CPU share follows the memory size. */
  endInit(memoryMb: number): void {
    const cpus = cpusForMemory(memoryMb);
    this.#sandbox.setLimits({ ...initLimits(memoryMb), cpus });
  }

  /** Where the function's lines go from now on; before that they go nowhere. */
  logTo(onLog: OnLog): void {
    this.#onLog = onLog;
  }

  get hasBooted(): boolean {
    return this.#hasBooted;
  }

  get hasExited(): boolean {
    return this.#exit !== undefined;
  }

  /** It gets no CPU time until `thaw`. */
  freeze(): void {
    this.#sandbox.freeze();
  }

  thaw(): void {
    this.#sandbox.thaw();
  }

  memoryUseBytes(): number {
    return this.#sandbox.memoryUseBytes();
  }

  peakMemoryBytes(): number {
    return this.#sandbox.peakMemoryBytes();
  }

  initialize(
    options: InitializeOptions,
    deadlineMs: number,
  ): Promise<InitializeOutcome | Interruption> {
    return this.#until(
      this.#session.booted.then(() => this.#session.initialize(this.#withPaths(options))),
      deadlineMs,
    );
  }

  invoke(
    invocation: RuntimeInvocation,
    deadlineMs: number,
  ): Promise<InvocationOutcome | Interruption> {
    return this.#until(this.#session.invoke(invocation), deadlineMs);
  }

  /** Resolves when the runtime asked for its next event: only then may it get one. */
  async settled(deadlineMs: number): Promise<"ready" | Interruption> {
    return this.#until(
      this.#session.settled().then(() => "ready" as const),
      deadlineMs,
    );
  }

  /** Passes on a last line without a line break. */
  flushOutput(): void {
    for (const output of this.#output) output.flush();
  }

  destroy(): Promise<void> {
    this.#destroyed ??= this.#tearDown();
    return this.#destroyed;
  }

  /** Without isolation the code is not at /var/task: the runtime is told where it is. */
  #withPaths(options: InitializeOptions): InitializeOptions {
    const environment = { ...options.environment, LAMBDA_TASK_ROOT: this.#sandbox.paths.task };
    return { ...options, environment };
  }

  async #tearDown(): Promise<void> {
    await this.#sandbox.destroy();
    this.#session.close();
  }

  /** The answer, or why there is none. Nothing stays attached to this object afterwards. */
  #until<T>(answer: Promise<T>, deadlineMs: number): Promise<T | Interruption> {
    const exit = this.#exit;
    if (exit !== undefined) return Promise.resolve({ kind: "exited", exit });
    return new Promise((resolve) => {
      const finish = (value: T | Interruption): void => {
        if (this.#onExit !== onExit) return;
        clearTimeout(timer);
        this.#onExit = undefined;
        resolve(value);
      };
      const onExit = (ended: SandboxExit): void => finish({ kind: "exited", exit: ended });
      // Clocks and timers count whole milliseconds: one more, so that none ends a moment too early.
      const remainingMs = Math.max(0, deadlineMs - Date.now() + 1);
      const timer = setTimeout(() => finish({ kind: "deadline" }), remainingMs);
      this.#onExit = onExit;
      void answer.then(finish);
    });
  }

  #ended(exit: SandboxExit): void {
    this.#exit = exit;
    // What the process wrote last is still in the pipes: let it be read before anybody concludes.
    void outputDrained().then(() => this.#onExit?.(exit));
  }

  /** The channel broke: normally because the process is exiting. If it is not, it is made to. */
  #endSoon(): void {
    if (this.#exit !== undefined || this.#destroyed !== undefined) return;
    const timer = setTimeout(() => void this.destroy(), limits.exitGraceMs);
    void this.#sandbox.exited.then(() => clearTimeout(timer));
  }
}

/** While it initialises, a small function gets a whole CPU, as on Lambda. */
function initLimits(memoryMb: number): SandboxLimits {
  return {
    memoryMb,
    cpus: Math.max(limits.initCpusMin, cpusForMemory(memoryMb)),
    processes: shared.processes,
    openFiles: shared.openFiles,
  };
}

function openSession(sandbox: Sandbox, onLog: OnLog): RuntimeSession {
  const common = { onLog, maxResponseBytes: shared.responsePayloadBytes };
  if (sandbox.channel !== undefined) {
    return createFramedSession({ channel: sandbox.channel, ...common });
  }
  if (sandbox.listener !== undefined) {
    return createHttpSession({ listener: sandbox.listener, ...common });
  }
  throw new Error(`Sandbox ${sandbox.sandboxId} has neither a channel nor a listener`);
}
