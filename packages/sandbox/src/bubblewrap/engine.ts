/**
 * Isolation by bubblewrap: user, mount, pid, ipc, uts, net and cgroup namespaces, no capabilities,
 * and a seccomp filter.
 */
import { join } from "node:path";
import type { Engine, Place } from "../confined/engine.ts";
import type { Launched } from "../confined/launched.ts";
import { attachMountInside } from "../kernel/file-systems.ts";
import { sandboxLimits } from "../limits.ts";
import type { SandboxOptions } from "../port.ts";
import { type BubblewrapAbilities, bubblewrapArguments } from "./arguments.ts";
import { type BubblewrapPrograms, descriptors, launch } from "./launch.ts";

export interface BubblewrapEngineOptions {
  readonly programs: BubblewrapPrograms;
  readonly abilities: BubblewrapAbilities;
}

export class BubblewrapEngine implements Engine {
  readonly isolation = "bubblewrap";
  readonly features = ["namespaces: user, mount, pid, ipc, uts, net, cgroup", "seccomp"];
  readonly own = { memoryMb: 0, processes: sandboxLimits.ownProcesses, tasksPerProcess: 1 };
  readonly slotLayout = { task: "task", opt: "opt" };
  /** Process 1 is in the sandbox's mount namespace, once the command runs. */
  readonly replaceScratch = (init: number, mount: number): void =>
    attachMountInside(init, "/tmp", mount);
  readonly #options: BubblewrapEngineOptions;

  constructor(options: BubblewrapEngineOptions) {
    this.#options = options;
  }

  launch(options: SandboxOptions, place: Place): Promise<Launched> {
    const { abilities, programs } = this.#options;
    const { host, slot } = place;
    return launch({
      programs,
      command: options.command,
      openFiles: options.limits.openFiles,
      group: place.group,
      network: place.network,
      openSeccompProgram: () => host.openSeccompProgram(),
      hasChannel: options.transport === "channel",
      identity: place.identity,
      arguments: bubblewrapArguments({
        abilities,
        systemDirectories: place.systemDirectories,
        etc: join(host.base, "etc"),
        scratch: place.scratch,
        task: slot.task,
        opt: slot.opt,
        binds: options.binds.map(({ source, target }) => ({ source: host.expose(source), target })),
        environment: options.environment,
        descriptors,
      }),
    });
  }
}
