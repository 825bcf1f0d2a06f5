/** Chooses the version that this machine has, and clears what dead workers left. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf, SandboxError } from "../errors.ts";
import { currentUser, type User } from "../host/machine-root.ts";
import { isDeadWorker } from "../host/worker-name.ts";
import { sandboxLimits } from "../limits.ts";
import { groupsBelow, removeGroup } from "./files.ts";
import { findHierarchies, type Hierarchies, type Hierarchy } from "./hierarchies.ts";
import { homeOfV1, homeOfV2, remedyV1, remedyV2 } from "./homes.ts";
import type { ControlGroups } from "./port.ts";
import { thawBelow } from "./thaw-guard.ts";
import { openV1, type V1Hierarchies } from "./v1.ts";
import { openV2, v2Controllers } from "./v2.ts";

/** Parent of all workers' groups, in every hierarchy. */
const FAMILY = "paddock";

/**
 * Opens the groups of the worker `name` (see worker-name.ts).
 * Rejects with SandboxError where memory, CPU and processes cannot be limited.
 */
export async function openControlGroups(
  name: string,
  user: User = currentUser(),
): Promise<ControlGroups> {
  const hierarchies = readHierarchies();
  const v1 = allOfV1(hierarchies);
  const { v2 } = hierarchies;
  const path = join(FAMILY, name);
  if (v1 !== undefined) {
    const remedy = remedyV1(mountPoints(Object.values(v1)), user);
    const homes = {
      memory: moved(v1.memory, homeOfV1(v1.memory, user)),
      cpu: moved(v1.cpu, homeOfV1(v1.cpu, user)),
      pids: moved(v1.pids, homeOfV1(v1.pids, user)),
      freezer: moved(v1.freezer, homeOfV1(v1.freezer, user)),
    };
    await removeStale(mountPoints(Object.values(homes)));
    return withRemedy(remedy, () => openV1(homes, path));
  }
  if (v2 !== undefined && hasControllers(v2)) {
    const home = moved(v2, homeOfV2(v2, user));
    await removeStale([home.mountPoint]);
    return withRemedy(remedyV2(v2.mountPoint, user), () => openV2(home, path));
  }
  throw new SandboxError(
    "control groups for memory, cpu and pids are not available: mount them (version 2: " +
      "`mount -t cgroup2 none /sys/fs/cgroup`), or run the container with its own writable control groups",
  );
}

/** As if the hierarchy began there. */
function moved(hierarchy: Hierarchy, home: string): Hierarchy {
  return { ...hierarchy, mountPoint: home };
}

function withRemedy(remedy: string, open: () => ControlGroups): ControlGroups {
  try {
    return open();
  } catch (error) {
    throw new SandboxError(`${messageOf(error)} (${remedy})`, { cause: error });
  }
}

/** Groups of a worker that exist now, whoever asks: for leak tests. */
export function countControlGroups(isOwner: (name: string) => boolean): number {
  const { v1, v2 } = readHierarchies();
  return mountPoints([...v1.values(), ...(v2 === undefined ? [] : [v2])])
    .flatMap((mountPoint) => {
      const family = join(mountPoint, FAMILY);
      return groupsBelow(family)
        .filter(isOwner)
        .map((name) => 1 + groupsBelow(join(family, name)).length);
    })
    .reduce((sum, count) => sum + count, 0);
}

export function readHierarchies(): Hierarchies {
  return findHierarchies(
    readFileSync("/proc/self/mountinfo", "utf8"),
    readFileSync("/proc/self/cgroup", "utf8"),
  );
}

function allOfV1({ v1 }: Hierarchies): V1Hierarchies | undefined {
  const memory = v1.get("memory");
  const cpu = v1.get("cpu");
  const pids = v1.get("pids");
  const freezer = v1.get("freezer");
  return memory && cpu && pids && freezer ? { memory, cpu, pids, freezer } : undefined;
}

function hasControllers({ mountPoint }: Hierarchy): boolean {
  const present = readFileSync(join(mountPoint, "cgroup.controllers"), "utf8").split(/\s+/);
  return v2Controllers.every((name) => present.includes(name));
}

function mountPoints(hierarchies: readonly Hierarchy[]): string[] {
  return [...new Set(hierarchies.map(({ mountPoint }) => mountPoint))];
}

async function removeStale(roots: readonly string[]): Promise<void> {
  const stale = roots.flatMap((root) => {
    const family = join(root, FAMILY);
    const names = groupsBelow(family).slice(0, sandboxLimits.staleEntries).filter(isDeadWorker);
    return names.map((name) => join(family, name));
  });
  // In all hierarchies before anything is removed in one: what is frozen does not die.
  for (const directory of stale) thawBelow(directory);
  await Promise.all(stale.map(removeWorker));
}

async function removeWorker(directory: string): Promise<void> {
  try {
    await Promise.all(groupsBelow(directory).map((name) => removeGroup(join(directory, name))));
    await removeGroup(directory);
  } catch {
    // Another user's: not ours to remove, and in nobody's way.
  }
}
