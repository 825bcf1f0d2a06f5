/** Gets everything ready that sandboxes of one worker share, or says what is missing. */
import { mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { openControlGroups } from "../control-groups/open.ts";
import { SandboxError } from "../errors.ts";
import { HostDirectory } from "../host/directory.ts";
import { claimIdentities, type Identities, ownIdentity } from "../host/identities.ts";
import { requireProgram } from "../host/programs.ts";
import { removeDeadDirectories, runtimeDirectory } from "../host/runtime-directory.ts";
import { workerName } from "../host/worker-name.ts";
import { closeInheritedOnExec } from "../kernel/descriptors.ts";
import type { SandboxProvider } from "../port.ts";
import { compilePolicy } from "../seccomp/compile.ts";
import { policy } from "../seccomp/policy.ts";
import { inspectBubblewrap } from "./check.ts";
import type { BubblewrapProviderOptions } from "./options.ts";
import { BubblewrapProvider, type ProviderParts } from "./provider.ts";
import { openRuntimeApiEndpoints } from "./runtime-api.ts";
import { Scratches } from "./scratches.ts";
import { systemDirectories } from "./system-directories.ts";

/**
 * Rejects with SandboxError, whose message says what is missing and what to do about it; then
 * nothing is left behind.
 */
export async function createBubblewrapProvider(
  options: BubblewrapProviderOptions,
): Promise<SandboxProvider> {
  const dataDirectory = resolve(options.dataDirectory);
  closeInheritedOnExec();
  const name = workerName(options.workerId);
  const isRoot = isMachineRoot();
  const parent = runtimeDirectory(isRoot, dataDirectory);
  const identities = isRoot ? claimIdentities(parent) : ownIdentity(process.getuid?.() ?? 0);
  try {
    const found = await requireBubblewrap(options.bubblewrapPath, isRoot ? identities : undefined);
    removeDeadDirectories(parent);
    const parts = await openParts(
      { ...options, dataDirectory },
      { name, parent, isRoot, identities },
    );
    return new BubblewrapProvider({ ...parts, ...found });
  } catch (error) {
    identities.close();
    throw error;
  }
}

interface Owner {
  readonly name: string;
  readonly parent: string;
  readonly isRoot: boolean;
  readonly identities: Identities;
}

type OpenedParts = Omit<ProviderParts, "programs" | "abilities">;

async function openParts(
  { codeDirectory, dataDirectory, memoryUseMb }: BubblewrapProviderOptions,
  { name, parent, isRoot, identities }: Owner,
): Promise<OpenedParts> {
  const scratches = await Scratches.open({ dataDirectory, name, identities, isRoot });
  mkdirSync(codeDirectory, { recursive: true, mode: 0o755 });
  const host = HostDirectory.open({
    base: join(parent, name),
    codeDirectory: resolve(codeDirectory),
    scratchDirectory: scratches.directory,
    seccompProgram: compilePolicy(policy, process.arch === "arm64" ? "arm64" : "x64"),
  });
  try {
    const groups = await openControlGroups(name);
    if (memoryUseMb !== undefined) groups.limitAll(memoryUseMb * 1024 * 1024);
    return {
      endpoints: openRuntimeApiEndpoints(),
      groups,
      host,
      identities,
      isRoot,
      scratches,
      systemDirectories: systemDirectories(),
    };
  } catch (error) {
    host.close();
    await scratches.close();
    throw error;
  }
}

async function requireBubblewrap(
  bubblewrapPath: string | undefined,
  identities: Identities | undefined,
): Promise<Pick<ProviderParts, "programs" | "abilities">> {
  const identity = identities?.take();
  const inspected = await inspectBubblewrap({
    ...(bubblewrapPath === undefined ? {} : { bubblewrapPath }),
    ...(identity === undefined ? {} : { identity }),
  });
  if (identity !== undefined) identities?.giveBack(identity);
  if (!("path" in inspected)) {
    const lines = inspected.map(({ what, remedy }) => `${what} (${remedy})`);
    throw new SandboxError(`bubblewrap isolation is not possible here: ${lines.join("; ")}`);
  }
  const { path, abilities } = inspected;
  return {
    programs: { bubblewrap: path, prlimit: requireProgram("prlimit", "util-linux") },
    abilities,
  };
}

/** In a user namespace of an ordinary user, id 0 is not the machine's root. */
function isMachineRoot(): boolean {
  if (process.getuid?.() !== 0) return false;
  return /^\s*0\s+0\s+4294967295\s*$/.test(readFileSync("/proc/self/uid_map", "utf8"));
}
