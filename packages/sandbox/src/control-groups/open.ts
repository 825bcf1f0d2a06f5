/** Chooses the version that this machine has, and clears what dead workers left. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SandboxError } from "../errors.ts";
import { isDeadWorker } from "../host/worker-name.ts";
import { sandboxLimits } from "../limits.ts";
import { groupsBelow, removeGroup } from "./files.ts";
import { findHierarchies, type Hierarchies, type Hierarchy } from "./hierarchies.ts";
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
export async function openControlGroups(name: string): Promise<ControlGroups> {
  const hierarchies = readHierarchies();
  const v1 = allOfV1(hierarchies);
  const v2 = hierarchies.v2;
  if (v1 !== undefined) {
    await removeStale(mountPoints(hierarchies));
    return openV1(v1, join(FAMILY, name));
  }
  if (v2 !== undefined && hasControllers(v2)) {
    await removeStale([v2.mountPoint]);
    return openV2(delegated(v2), join(FAMILY, name));
  }
  throw new SandboxError(
    "control groups for memory, cpu and pids are not available: mount them (version 2: " +
      "`mount -t cgroup2 none /sys/fs/cgroup`), or run the container with its own writable control groups",
  );
}

/** Groups of a worker that exist now, whoever asks: for leak tests. */
export function countControlGroups(isOwner: (name: string) => boolean): number {
  return mountPoints(readHierarchies())
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

/** Root builds at the top; a user builds in the group above its own, which systemd delegated to it. */
function delegated(hierarchy: Hierarchy): Hierarchy {
  if (
    process.getuid?.() === 0 &&
    existsSync(join(hierarchy.mountPoint, "cgroup.subtree_control"))
  ) {
    return hierarchy;
  }
  return { ...hierarchy, mountPoint: join(hierarchy.ownDirectory, "..") };
}

function mountPoints({ v1, v2 }: Hierarchies): string[] {
  const all = [...v1.values(), ...(v2 === undefined ? [] : [v2])];
  return [...new Set(all.map(({ mountPoint }) => mountPoint))];
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
