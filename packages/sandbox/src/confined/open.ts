/** Gets everything ready that confined sandboxes of one worker share, or says what is missing. */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { openControlGroups } from "../control-groups/open.ts";
import { sharedLimits } from "../control-groups/shared-limits.ts";
import { HostDirectory } from "../host/directory.ts";
import { claimIdentities, type Identities, ownIdentity } from "../host/identities.ts";
import { isMachineRoot } from "../host/machine-root.ts";
import { removeDeadDirectories, runtimeDirectory } from "../host/runtime-directory.ts";
import { workerName } from "../host/worker-name.ts";
import { closeAllOnExec } from "../kernel/descriptors.ts";
import { openNetworks } from "../network/open.ts";
import type { NetworkOptions } from "../network/port.ts";
import type { SandboxProvider } from "../port.ts";
import { compilePolicy } from "../seccomp/compile.ts";
import { policy } from "../seccomp/policy.ts";
import { openVolumes, type ScratchStorage } from "../storage/open.ts";
import { Scratches } from "../storage/scratches.ts";
import type { Engine } from "./engine.ts";
import { ConfinedProvider, type ProviderParts } from "./provider.ts";
import { systemDirectories } from "./system-directories.ts";

export interface ConfinedProviderOptions {
  /** 1–64 of `[a-zA-Z0-9-]`; names directories and control groups of this worker. */
  readonly workerId: string;
  /** On disk; what is in /tmp is kept below it. */
  readonly dataDirectory: string;
  /** What /tmp is kept in; absent: `auto`. */
  readonly scratchStorage?: ScratchStorage;
  /** What an operator should know of while the provider works; absent: nobody is told. */
  readonly onProblem?: (problem: string) => void;
  /** Where unpacked code lies: what `CodeMounts` names is usually below it, and costs nothing then. */
  readonly codeDirectory: string;
  /** Memory that all sandboxes together may use, in MB; absent: no limit but their own. */
  readonly memoryUseMb?: number;
  /** What sandboxes reach; absent: nothing but themselves and the Runtime API. */
  readonly network?: NetworkOptions;
}

/**
 * `inspect` finds the program and tries it as the host user that sandboxes will have, or rejects
 * with what is missing and what to do about it; then nothing is left behind.
 */
export async function openConfined(
  options: ConfinedProviderOptions,
  inspect: (identity: number | undefined) => Promise<Engine>,
): Promise<SandboxProvider> {
  const dataDirectory = resolve(options.dataDirectory);
  closeAllOnExec();
  const name = workerName(options.workerId);
  const isRoot = isMachineRoot();
  const parent = runtimeDirectory(isRoot, dataDirectory);
  const identities = isRoot ? claimIdentities(parent) : ownIdentity(process.getuid?.() ?? 0);
  try {
    const engine = await inspectAs(isRoot ? identities : undefined, inspect);
    removeDeadDirectories(parent);
    const owner = { name, parent, isRoot, identities };
    return new ConfinedProvider({
      ...(await openParts({ ...options, dataDirectory }, owner)),
      engine,
    });
  } catch (error) {
    identities.close();
    throw error;
  }
}

async function inspectAs(
  identities: Identities | undefined,
  inspect: (identity: number | undefined) => Promise<Engine>,
): Promise<Engine> {
  const identity = identities?.take();
  const engine = await inspect(identity);
  if (identity !== undefined) identities?.giveBack(identity);
  return engine;
}

interface Owner {
  readonly name: string;
  readonly parent: string;
  readonly isRoot: boolean;
  readonly identities: Identities;
}

async function openParts(
  options: ConfinedProviderOptions,
  owner: Owner,
): Promise<Omit<ProviderParts, "engine">> {
  const { identities, isRoot, parent } = owner;
  const networks = await openNetworks({
    network: options.network ?? { kind: "closed" },
    isRoot,
    lockDirectory: parent,
    takeIdentity: () => (isRoot ? identities.take() : undefined),
  });
  try {
    return { ...(await openPlaces(options, owner, networks.nameServer)), networks };
  } catch (error) {
    await networks.close();
    throw error;
  }
}

async function openPlaces(
  options: ConfinedProviderOptions,
  { name, parent, isRoot, identities }: Owner,
  nameServer: string | undefined,
): Promise<Omit<ProviderParts, "engine" | "networks">> {
  const { codeDirectory, dataDirectory, memoryUseMb } = options;
  mkdirSync(codeDirectory, { recursive: true, mode: 0o755 });
  const host = HostDirectory.open({
    base: join(parent, name),
    codeDirectory: resolve(codeDirectory),
    seccompProgram: compilePolicy(policy, process.arch === "arm64" ? "arm64" : "x64"),
    nameServer,
  });
  try {
    const groups = await openControlGroups(name);
    groups.limitAll(sharedLimits(memoryUseMb));
    const source = await openVolumes({
      storage: options.scratchStorage ?? "auto",
      onProblem: options.onProblem ?? (() => undefined),
      ...{ dataDirectory, name, isRoot },
      memoryDirectory: join(host.base, "memory"),
    });
    const mountDirectory = join(host.base, "scratch");
    return {
      groups,
      host,
      identities,
      isRoot,
      scratches: new Scratches({ source, mountDirectory, identities, isRoot }),
      systemDirectories: systemDirectories(),
    };
  } catch (error) {
    host.close();
    throw error;
  }
}
