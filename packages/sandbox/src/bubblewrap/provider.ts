/**
 * Isolation by bubblewrap: user, mount, pid, ipc, uts, net and cgroup namespaces, no capabilities, a
 * seccomp filter, a host user of its own for each scratch directory (as root), and control groups.
 * Refuses to start with less, and says what to install.
 */
import { mkdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { openControlGroups } from "../control-groups/open.ts";
import type { ControlGroups } from "../control-groups/port.ts";
import { SandboxError } from "../errors.ts";
import { HostDirectory, type Slot } from "../host/directory.ts";
import { claimIdentities, type Identities, ownIdentity } from "../host/identities.ts";
import { requireProgram } from "../host/programs.ts";
import { removeDeadDirectories, runtimeDirectory } from "../host/runtime-directory.ts";
import { workerName } from "../host/worker-name.ts";
import { openProcess } from "../kernel/processes.ts";
import { sandboxLimits } from "../limits.ts";
import type { Sandbox, SandboxOptions, SandboxProvider, Scratch } from "../port.ts";
import { compilePolicy } from "../seccomp/compile.ts";
import { policy as seccompPolicy } from "../seccomp/policy.ts";
import { bubblewrapArguments, type SystemDirectory } from "./arguments.ts";
import { checkBubblewrap } from "./check.ts";
import { descriptors, launch, type Launched } from "./launch.ts";
import type { BubblewrapProviderOptions } from "./options.ts";
import { listenInside } from "./runtime-api.ts";
import { applyLimits, BubblewrapSandbox, showCode } from "./sandbox.ts";
import { Scratches } from "./scratches.ts";
import { systemDirectories } from "./system-directories.ts";

/** Rejects with SandboxError, whose message says what is missing and what to do about it. */
export async function createBubblewrapProvider(
  options: BubblewrapProviderOptions,
): Promise<SandboxProvider> {
  const problems = await checkBubblewrap(options);
  if (problems.length > 0) {
    const lines = problems.map(({ what, remedy }) => `${what} (${remedy})`);
    throw new SandboxError(`bubblewrap isolation is not possible here: ${lines.join("; ")}`);
  }
  const name = workerName(options.workerId);
  const groups = await openControlGroups(name);
  const isRoot = isMachineRoot();
  const parent = runtimeDirectory(isRoot, options.dataDirectory);
  removeDeadDirectories(parent);
  const identities = isRoot ? claimIdentities(parent) : ownIdentity(process.getuid?.() ?? 0);
  const scratchDirectory = join(options.dataDirectory, "scratch");
  mkdirSync(scratchDirectory, { recursive: true, mode: 0o711 });
  mkdirSync(options.codeDirectory, { recursive: true, mode: 0o755 });
  const host = HostDirectory.open({
    base: join(parent, name),
    codeDirectory: options.codeDirectory,
    scratchDirectory,
    seccompProgram: compilePolicy(seccompPolicy, process.arch === "arm64" ? "arm64" : "x64"),
  });
  return new BubblewrapProvider({
    programs: {
      bubblewrap: options.bubblewrapPath ?? realpathSync(requireProgram("bwrap", "bubblewrap")),
      prlimit: requireProgram("prlimit", "util-linux"),
    },
    groups,
    host,
    identities,
    isRoot,
    scratches: new Scratches({ directory: scratchDirectory, name, identities, isRoot }),
    systemDirectories: systemDirectories(),
  });
}

/** In a user namespace of an ordinary user, id 0 is not the machine's root. */
function isMachineRoot(): boolean {
  if (process.getuid?.() !== 0) return false;
  return /^\s*0\s+0\s+4294967295\s*$/.test(readFileSync("/proc/self/uid_map", "utf8"));
}

interface ProviderParts {
  readonly programs: { readonly bubblewrap: string; readonly prlimit: string };
  readonly groups: ControlGroups;
  readonly host: HostDirectory;
  readonly identities: Identities;
  readonly isRoot: boolean;
  readonly scratches: Scratches;
  readonly systemDirectories: readonly SystemDirectory[];
}

class BubblewrapProvider implements SandboxProvider {
  readonly isolation = "bubblewrap";
  readonly features: readonly string[];
  readonly #parts: ProviderParts;
  readonly #living = new Map<string, BubblewrapSandbox>();
  #starting = 0;
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
    this.#checkRoom(options.sandboxId);
    this.#starting += 1;
    try {
      const sandbox = await this.#make(options);
      if (this.#closed === undefined) return sandbox;
      await sandbox.destroy();
      throw new SandboxError("the sandbox provider is closed");
    } finally {
      this.#starting -= 1;
    }
  }

  createScratch(): Promise<Scratch> {
    return this.#parts.scratches.create();
  }

  close(): Promise<void> {
    this.#closed ??= this.#tearDown();
    return this.#closed;
  }

  #checkRoom(sandboxId: string): void {
    if (this.#closed !== undefined) throw new SandboxError("the sandbox provider is closed");
    if (this.#living.has(sandboxId)) throw new SandboxError(`sandbox ${sandboxId} exists`);
    if (this.#living.size + this.#starting >= sandboxLimits.sandboxes) {
      throw new SandboxError(
        `more than ${String(sandboxLimits.sandboxes)} sandboxes on one worker`,
      );
    }
  }

  async #make(options: SandboxOptions): Promise<BubblewrapSandbox> {
    const { groups, host } = this.#parts;
    const slot = host.slot(options.sandboxId);
    const group = groups.create(options.sandboxId);
    try {
      applyLimits(group, options.limits);
      if (options.code !== undefined) showCode(host, slot, options.code);
      const launched = await this.#launch(options, slot, group);
      return await this.#finish(options, launched, slot, group);
    } catch (error) {
      await group.remove();
      slot.remove();
      throw error;
    }
  }

  #launch(
    options: SandboxOptions,
    slot: Slot,
    group: Parameters<typeof applyLimits>[0],
  ): Promise<Launched> {
    const { host, isRoot, programs, scratches } = this.#parts;
    const scratch = scratches.find(options.scratch);
    return launch({
      programs,
      command: options.command,
      openFiles: options.limits.openFiles,
      group,
      seccompDescriptor: host.openSeccompProgram(),
      hasChannel: options.transport === "channel",
      identity: isRoot ? scratch.identity : undefined,
      arguments: bubblewrapArguments({
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
    options: SandboxOptions,
    launched: Launched,
    slot: Slot,
    group: Parameters<typeof applyLimits>[0],
  ): Promise<BubblewrapSandbox> {
    const { initPid } = launched;
    try {
      await group.add(initPid);
      const sandbox = new BubblewrapSandbox({
        sandboxId: options.sandboxId,
        launched,
        initDescriptor: openProcess(initPid),
        group,
        host: this.#parts.host,
        slot,
        limits: options.limits,
        listener: options.transport === "listener" ? listenInside(initPid) : undefined,
        onDestroyed: () => this.#living.delete(options.sandboxId),
      });
      this.#living.set(options.sandboxId, sandbox);
      launched.release();
      return sandbox;
    } catch (error) {
      launched.child.kill("SIGKILL");
      throw error;
    }
  }

  async #tearDown(): Promise<void> {
    const { groups, host, identities, scratches } = this.#parts;
    await Promise.all([...this.#living.values()].map((sandbox) => sandbox.destroy()));
    await groups.close();
    host.close();
    await scratches.close();
    identities.close();
  }
}
