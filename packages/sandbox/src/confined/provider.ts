/**
 * Sandboxes by a program that isolates, with control groups, a host user of its own for each
 * scratch (as root), code that is mounted later, and a network that was made before.
 * open.ts makes it, and refuses where there would be less.
 */
import { closeSync } from "node:fs";
import type { ControlGroup, ControlGroups } from "../control-groups/port.ts";
import type { HostDirectory, Slot } from "../host/directory.ts";
import type { Identities } from "../host/identities.ts";
import { openProcess } from "../kernel/processes.ts";
import type { SandboxNetwork, SandboxNetworks } from "../network/port.ts";
import type { Isolation, Sandbox, SandboxOptions, SandboxProvider, Scratch } from "../port.ts";
import type { Scratches, ShownScratch } from "../storage/scratches.ts";
import { validateOptions, validateScratchSize } from "../validate.ts";
import type { Engine } from "./engine.ts";
import type { Launched } from "./launched.ts";
import { Residents } from "./residents.ts";
import { ConfinedSandbox, limitShare, limitSize, showCode } from "./sandbox.ts";
import type { SystemDirectory } from "./system-directories.ts";

export interface ProviderParts {
  readonly engine: Engine;
  readonly groups: ControlGroups;
  readonly host: HostDirectory;
  readonly identities: Identities;
  readonly isRoot: boolean;
  readonly networks: SandboxNetworks;
  readonly scratches: Scratches;
  readonly systemDirectories: readonly SystemDirectory[];
}

/** What a sandbox has on the host before its program runs. */
interface Place {
  readonly slot: Slot;
  readonly group: ControlGroup;
  readonly network: SandboxNetwork;
  readonly scratch: ShownScratch;
}

export class ConfinedProvider implements SandboxProvider {
  readonly isolation: Isolation;
  readonly features: readonly string[];
  readonly #parts: ProviderParts;
  readonly #residents = new Residents();
  #closed: Promise<void> | undefined;

  constructor(parts: ProviderParts) {
    this.#parts = parts;
    this.isolation = parts.engine.isolation;
    this.features = [
      ...parts.engine.features,
      parts.networks.feature,
      `cgroup v${String(parts.groups.version)}: memory, cpu, pids, freezer`,
      parts.isRoot ? "a host user for each environment" : "one host user for all environments",
      parts.scratches.feature,
    ];
  }

  async create(options: SandboxOptions): Promise<Sandbox> {
    validateOptions(options);
    return this.#residents.admit(options.sandboxId, () => this.#make(options));
  }

  async createScratch({ sizeMb }: { sizeMb: number }): Promise<Scratch> {
    validateScratchSize(sizeMb);
    this.#residents.checkOpen();
    return this.#parts.scratches.create(sizeMb);
  }

  memoryUseBytes(): number {
    return this.#parts.groups.memoryUseBytes();
  }

  close(): Promise<void> {
    this.#closed ??= this.#tearDown();
    return this.#closed;
  }

  async #make(options: SandboxOptions): Promise<ConfinedSandbox> {
    const { access, code, limits, sandboxId } = options;
    const { engine, groups, host, networks, scratches } = this.#parts;
    const scratch = scratches.show(options.scratch);
    const slot = host.slot(sandboxId, engine.slotLayout);
    let group: ControlGroup | undefined;
    let network: SandboxNetwork | undefined;
    try {
      if (code !== undefined) showCode(host, slot, code);
      group = groups.create(sandboxId);
      limitSize(group, engine.own, limits);
      network = await networks.take();
      if (access !== undefined) await network.permit(access);
      const place = { slot, group, network, scratch };
      const launched = await this.#launch(options, place);
      return await this.#finish(options, launched, place);
    } catch (error) {
      await group?.remove();
      slot.remove();
      network?.release();
      await scratch.hide();
      throw error;
    }
  }

  #launch(options: SandboxOptions, place: Place): Promise<Launched> {
    const { engine, host, isRoot, systemDirectories } = this.#parts;
    return engine.launch(options, {
      ...place,
      host,
      systemDirectories,
      scratch: place.scratch.path,
      identity: isRoot ? place.scratch.identity : undefined,
    });
  }

  /** The command waits until its limits are in force and its Runtime API is there. */
  async #finish(
    options: SandboxOptions,
    launched: Launched,
    { slot, group, network, scratch }: Place,
  ): Promise<ConfinedSandbox> {
    const { limits, sandboxId, transport } = options;
    const { initPid } = launched;
    const { engine, host } = this.#parts;
    let initDescriptor: number | undefined;
    try {
      initDescriptor = openProcess(initPid);
      await group.add(initPid);
      // Only now: the program's own work is not the function's to pay for, and the worker waited for it.
      group.setCpus(limits.cpus);
      limitShare(group, limits);
      const listener = transport === "listener" ? network.listen() : undefined;
      const sandbox = new ConfinedSandbox({
        sandboxId,
        launched,
        initDescriptor,
        group,
        host,
        slot,
        limits,
        engine,
        listener,
        network,
        scratchTaken: launched.mounted.then(() => scratch.hide()),
        onDestroyed: () => {
          leaveScratch();
          this.#residents.leave(sandboxId);
        },
      });
      const leaveScratch = this.#parts.scratches.enter(options.scratch, {
        canReplace: engine.replaceScratch !== undefined,
        replace: (mount) => sandbox.replaceScratch(mount),
      });
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
    const { groups, host, identities, networks, scratches } = this.#parts;
    await this.#residents.close();
    await networks.close();
    await groups.close();
    await scratches.close();
    host.close();
    identities.close();
  }
}
