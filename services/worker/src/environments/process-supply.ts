/**
 * Where the runtime processes of one environment come from: the first one from the stock if that has
 * one that can take the function, any other from a boot of its own. Getting one is the platform's
 * time: neither waiting for a boot nor the boot itself counts as the function's initialisation.
 */
import type { ColdStartPhases, VersionRecord } from "@paddock/contracts";
import { needsOwnBoot, type RuntimeDefinition } from "@paddock/runtimes";
import type { CodeMounts, NetworkAccess, Scratch } from "@paddock/sandbox";
import { roundMs } from "../core/attempt.ts";
import { limits } from "../limits.ts";
import type { Clock, SandboxSource } from "../ports.ts";
import type { EnvironmentKind, PrebootedStock } from "./prebooted-stock.ts";
import { discard, type Prebooted } from "./prebooted.ts";
import { RuntimeProcess } from "./runtime-process.ts";
import type { Semaphore } from "./semaphore.ts";

export interface SupplyServices {
  readonly clock: Clock;
  readonly sandboxes: SandboxSource;
  readonly prebooted: PrebootedStock;
  /** A slot of it for each process that boots for a new environment. */
  readonly boots: Semaphore;
  /** What a function may reach beyond the outside; undefined: nothing. */
  readonly networkAccess: (version: VersionRecord) => NetworkAccess | undefined;
}

export interface SupplyOptions {
  readonly environmentId: string;
  readonly version: VersionRecord;
  readonly definition: RuntimeDefinition;
  /** The function's whole environment, for a process of its own. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Program and arguments for a process of the environment's own, and the code it is to see. */
export interface ProcessPlan {
  readonly command: readonly string[];
  readonly mounts: CodeMounts;
}

/** A process that waits for `initialize`, and what it took until then. */
export interface Supplied {
  readonly process: RuntimeProcess;
  readonly phases: Omit<ColdStartPhases, "initMs">;
}

export class ProcessSupply {
  readonly #services: SupplyServices;
  readonly #options: SupplyOptions;
  #scratch: Scratch | undefined;
  #generation = 0;

  constructor(services: SupplyServices, options: SupplyOptions) {
    this.#services = services;
    this.#options = options;
  }

  /** The process of a new environment. Rejects where the platform cannot make one. */
  async first(plan: ProcessPlan): Promise<Supplied> {
    const { definition, version } = this.#options;
    if (!needsOwnBoot(version.environmentVariables)) {
      const kind = { runtime: definition.identifier, memoryMb: version.memoryMb };
      const adopted = await this.#adoptPrebooted(kind, plan);
      if (adopted !== undefined) return adopted;
    }
    return this.#bootInTurn(plan);
  }

  /** Another one on the same /tmp, at once and only until `deadlineMs`: an invocation is under way. */
  async again(plan: ProcessPlan, deadlineMs: number): Promise<Supplied> {
    return this.#boot(plan, { acquireMs: 0, withinMs: deadlineMs - this.#services.clock.nowMs() });
  }

  /** The disk was full: nothing that this environment does in /tmp works any more. */
  get hasLostScratch(): boolean {
    return this.#scratch?.isLost ?? false;
  }

  /** After the last process is gone. */
  async removeScratch(): Promise<void> {
    const scratch = this.#scratch;
    this.#scratch = undefined;
    await scratch?.remove();
  }

  /** Undefined: there is none, or none that this function fits in. */
  async #adoptPrebooted(
    kind: EnvironmentKind,
    { mounts }: ProcessPlan,
  ): Promise<Supplied | undefined> {
    const elapsedMs = this.#stopwatch();
    const prebooted = await this.#takePrebooted(kind);
    if (prebooted === undefined) return undefined;
    const acquireMs = elapsedMs();
    const { process, scratch } = prebooted;
    const { version } = this.#options;
    const { ephemeralStorageMb, memoryMb } = version;
    try {
      if (await scratch.resize(ephemeralStorageMb)) {
        await process.adopt(mounts, memoryMb, this.#services.networkAccess(version));
        this.#scratch = scratch;
        const bound = { acquireMs, bindMs: elapsedMs() };
        if (process.hasBooted) return { process, phases: bound };
        await process.booted(limits.prebootMs);
        return { process, phases: { ...bound, bootMs: elapsedMs() } };
      }
    } catch (error) {
      await discard(prebooted);
      throw error;
    }
    await discard(prebooted);
    return undefined;
  }

  /** One that could not be started is as good as none: our own boot tells why. */
  async #takePrebooted(kind: EnvironmentKind): Promise<Prebooted | undefined> {
    try {
      return await this.#services.prebooted.take(kind);
    } catch {
      return undefined;
    }
  }

  async #bootInTurn(plan: ProcessPlan): Promise<Supplied> {
    const { boots, prebooted } = this.#services;
    const elapsedMs = this.#stopwatch();
    const release = await boots.acquire();
    try {
      return await this.#boot(plan, { acquireMs: elapsedMs(), withinMs: limits.prebootMs });
    } finally {
      release();
      prebooted.refillSoon();
    }
  }

  async #boot(
    { command, mounts }: ProcessPlan,
    { acquireMs, withinMs }: { readonly acquireMs: number; readonly withinMs: number },
  ): Promise<Supplied> {
    const { definition, environment, environmentId, version } = this.#options;
    const { networkAccess, sandboxes } = this.#services;
    const { ephemeralStorageMb, memoryMb } = version;
    const elapsedMs = this.#stopwatch();
    if (this.hasLostScratch) await this.removeScratch();
    this.#scratch ??= await sandboxes.createScratch({ sizeMb: ephemeralStorageMb });
    this.#generation += 1;
    const process = await RuntimeProcess.launch(sandboxes, {
      sandboxId: `${environmentId}-${this.#generation}`,
      definition,
      command,
      memoryMb,
      scratch: this.#scratch,
      code: mounts,
      environment,
      access: networkAccess(version),
    });
    await process.booted(withinMs);
    return { process, phases: { acquireMs, bootMs: elapsedMs() } };
  }

  /** Returns the time since it was asked last. */
  #stopwatch(): () => number {
    const { clock } = this.#services;
    let at = clock.monotonicMs();
    return () => {
      const before = at;
      at = clock.monotonicMs();
      return roundMs(at - before);
    };
  }
}
