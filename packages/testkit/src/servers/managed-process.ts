/**
 * A server process for tests: started, ready when its output says so, stopped in order, killed, or
 * started again. It dies with the test process, however that ends: the kernel sends SIGKILL
 * (`setpriv --pdeathsig`) when the thread that started it is gone.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { testkitLimits } from "../limits.ts";

export interface ProcessPlan {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly workingDirectory: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Appears in stdout or stderr when the server can be used. */
  readonly readyPattern: RegExp;
  /** For an ordered stop. */
  readonly stopSignal: NodeJS.Signals;
  /** How long an ordered stop may take before SIGKILL. */
  readonly stopMs?: number;
  /** Run in a user namespace as uid 1000, for servers that refuse to be root. */
  readonly asOrdinaryUser?: boolean;
}

export class ManagedProcess {
  readonly #plan: ProcessPlan;
  #child: ChildProcess | undefined;
  #output = "";

  constructor(plan: ProcessPlan) {
    this.#plan = plan;
  }

  /** Process id of the running server; undefined while it does not run. */
  get pid(): number | undefined {
    return this.isRunning ? this.#child?.pid : undefined;
  }

  get isRunning(): boolean {
    const child = this.#child;
    return child !== undefined && child.exitCode === null && child.signalCode === null;
  }

  /** The last of what it printed. */
  get output(): string {
    return this.#output;
  }

  async start(): Promise<void> {
    if (this.isRunning) throw new Error(`${this.#plan.name} runs already`);
    this.#output = "";
    const [command, ...args] = commandLine(this.#plan);
    const child = spawn(command, args, {
      cwd: this.#plan.workingDirectory,
      env: this.#plan.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    await this.#untilReady(child);
  }

  /** Sends a signal; resolves when the process is gone. Does nothing if it does not run. */
  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    const child = this.#child;
    if (child === undefined || !this.isRunning) return;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  }

  /** Ordered stop, SIGKILL after the limit. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined || !this.isRunning) return;
    const gone = once(child, "exit");
    child.kill(this.#plan.stopSignal);
    const giveUp = new AbortController();
    const stopMs = this.#plan.stopMs ?? testkitLimits.serverStopMs;
    const escalate = sleep(stopMs, undefined, { signal: giveUp.signal }).then(
      () => child.kill("SIGKILL"),
      () => undefined,
    );
    await gone;
    giveUp.abort();
    await escalate;
  }

  #untilReady(child: ChildProcess): Promise<void> {
    const { name, readyPattern } = this.#plan;
    return new Promise((resolve, reject) => {
      const fail = (why: string) => {
        clearTimeout(timer);
        reject(new Error(`${name} ${why}\n${this.#output}`));
      };
      const timer = setTimeout(() => {
        child.kill("SIGKILL");
        fail(`was not ready within ${testkitLimits.serverStartMs} ms`);
      }, testkitLimits.serverStartMs);
      const read = (chunk: Buffer) => {
        this.#output = (this.#output + chunk.toString()).slice(
          -testkitLimits.serverOutputCharacters,
        );
        if (!readyPattern.test(this.#output)) return;
        clearTimeout(timer);
        resolve();
      };
      child.stdout?.on("data", read);
      child.stderr?.on("data", read);
      child.once("error", (error) => fail(`could not be started: ${error.message}`));
      child.once("exit", (code, signal) => fail(`ended with ${signal ?? code ?? "no status"}`));
    });
  }
}

function commandLine(plan: ProcessPlan): [string, ...string[]] {
  // After unshare, because the kernel forgets the death signal when a process changes its
  // credentials.
  const mortal = ["setpriv", "--pdeathsig", "KILL", "--", plan.command, ...plan.args] as const;
  if (plan.asOrdinaryUser === true && process.getuid?.() === 0) {
    return ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--", ...mortal];
  }
  return [...mortal];
}
