/**
 * Isolation by bubblewrap: user, mount, pid, ipc, uts, net and cgroup namespaces, no capabilities, a
 * seccomp filter, a host user of its own for each scratch directory (as root), and control groups.
 * open.ts makes it, and refuses where there would be less.
 */
import { closeSync } from "node:fs";
import { join } from "node:path";
import type { ControlGroup, ControlGroups } from "../control-groups/port.ts";
import { SandboxError } from "../errors.ts";
import type { HostDirectory, Slot } from "../host/directory.ts";
import type { Identities } from "../host/identities.ts";
import { openProcess } from "../kernel/processes.ts";
import { sandboxLimits } from "../limits.ts";
import type { Sandbox, SandboxOptions, SandboxProvider, Scratch } from "../port.ts";
import { validateOptions } from "../validate.ts";
import {
  type BubblewrapAbilities,
  bubblewrapArguments,
  type SystemDirectory,
} from "./arguments.ts";
import { descriptors, launch, type Launched } from "./launch.ts";
import type { RuntimeApiEndpoints } from "./runtime-api.ts";
import { BubblewrapSandbox, limitSize, showCode } from "./sandbox.ts";
import type { Scratches } from "./scratches.ts";

export interface ProviderParts {
  readonly programs: { readonly bubblewrap: string; readonly prlimit: string };
  readonly abilities: BubblewrapAbilities;
  readonly endpoints: RuntimeApiEndpoints;
  readonly groups: ControlGroups;
  readonly host: HostDirectory;
  readonly identities: Identities;
  readonly isRoot: boolean;
  readonly scratches: Scratches;
  readonly systemDirectories: readonly SystemDirectory[];
}

/** What a sandbox has on the host before bubblewrap runs. */
interface Place {
  readonly slot: Slot;
  readonly group: ControlGroup;
}

export class BubblewrapProvider implements SandboxProvider {
  readonly isolation = "bubblewrap";
  readonly features: readonly string[];
  readonly #parts: ProviderParts;
  readonly #living = new Map<string, BubblewrapSandbox>();
  readonly #starting = new Map<string, Promise<unknown>>();
  #closed: Promise<void> | undefined;

  constructor(parts: ProviderParts) {
    this.#parts = parts;
    this.features = [
      "namespaces: user, mount, pid, ipc, uts, net, cgroup",
      "seccomp",
      `cgroup v${String(parts.groups.version)}: memory, cpu, pids, freezer`,
      parts.isRoot ? "a host user for each environment" : "one host user for all environments",
    ];
  }

  async create(options: SandboxOptions): Promise<Sandbox> {
    const { sandboxId } = options;
    validateOptions(options);
    this.#checkRoom(sandboxId);
    const made = this.#make(options);
    this.#starting.set(sandboxId, made);
    try {
      return await made;
    } finally {
      this.#starting.delete(sandboxId);
    }
  }

  async createScratch(): Promise<Scratch> {
    if (this.#closed !== undefined) throw new SandboxError("the sandbox provider is closed");
    return this.#parts.scratches.create();
  }

  close(): Promise<void> {
    this.#closed ??= this.#tearDown();
    return this.#closed;
  }

  #checkRoom(sandboxId: string): void {
    if (this.#closed !== undefined) throw new SandboxError("the sandbox provider is closed");
    if (this.#living.has(sandboxId) || this.#starting.has(sandboxId)) {
      throw new SandboxError(`sandbox ${sandboxId} exists`);
    }
    if (this.#living.size + this.#starting.size >= sandboxLimits.sandboxes) {
      throw new SandboxError(
        `more than ${String(sandboxLimits.sandboxes)} sandboxes on one worker`,
      );
    }
  }

  async #make(options: SandboxOptions): Promise<BubblewrapSandbox> {
    const { code, limits, sandboxId } = options;
    const { groups, host } = this.#parts;
    const slot = host.slot(sandboxId);
    let group: ControlGroup | undefined;
    try {
      if (code !== undefined) showCode(host, slot, code);
      group = groups.create(sandboxId);
      limitSize(group, limits);
      const launched = await this.#launch(options, { slot, group });
      return await this.#finish(options, launched, { slot, group });
    } catch (error) {
      await group?.remove();
      slot.remove();
      throw error;
    }
  }

  #launch(options: SandboxOptions, { slot, group }: Place): Promise<Launched> {
    const { abilities, host, isRoot, programs, scratches } = this.#parts;
    const scratch = scratches.find(options.scratch);
    return launch({
      programs,
      command: options.command,
      openFiles: options.limits.openFiles,
      group,
      openSeccompProgram: () => host.openSeccompProgram(),
      hasChannel: options.transport === "channel",
      identity: isRoot ? scratch.identity : undefined,
      arguments: bubblewrapArguments({
        abilities,
        systemDirectories: this.#parts.systemDirectories,
        etc: join(host.base, "etc"),
        scratch: host.scratch(scratch.name),
        task: slot.task,
        opt: slot.opt,
        binds: options.binds.map(({ source, target }) => ({ source: host.expose(source), target })),
        environment: options.environment,
        descriptors,
      }),
    });
  }

  /** The command waits while its limits and its network are made ready. */
  async #finish(
    { limits, sandboxId, transport }: SandboxOptions,
    launched: Launched,
    { slot, group }: Place,
  ): Promise<BubblewrapSandbox> {
    const { initPid } = launched;
    const { endpoints } = this.#parts;
    let initDescriptor: number | undefined;
    try {
      initDescriptor = openProcess(initPid);
      await group.add(initPid);
      // Only now: bubblewrap's own work is not the function's to pay for.
      group.setCpus(limits.cpus);
      const listener = transport === "listener" ? await endpoints.listen(initPid) : undefined;
      if (listener === undefined) await endpoints.addAddress(initPid);
      const sandbox = new BubblewrapSandbox({
        sandboxId,
        launched,
        initDescriptor,
        group,
        host: this.#parts.host,
        slot,
        limits,
        listener,
        onDestroyed: () => this.#living.delete(sandboxId),
      });
      this.#living.set(sandboxId, sandbox);
      launched.release();
      return sandbox;
    } catch (error) {
      launched.kill();
      await launched.ended;
      if (initDescriptor !== undefined) closeSync(initDescriptor);
      throw error;
    }
  }

  async #tearDown(): Promise<void> {
    const { endpoints, groups, host, identities, scratches } = this.#parts;
    await Promise.allSettled(this.#starting.values());
    await Promise.all([...this.#living.values()].map((sandbox) => sandbox.destroy()));
    await endpoints.close();
    await groups.close();
    host.close();
    await scratches.close();
    identities.close();
  }
}
