/**
 * Where a worker makes its groups, and what to do where it may not. Root makes them at the top of
 * each hierarchy. An ordinary user needs groups that root, or systemd, has given away: version 1 has
 * them made in the own group; version 2, where groups have either processes or groups, beside it.
 */
import { dirname } from "node:path";
import type { User } from "../host/machine-root.ts";
import type { Hierarchy } from "./hierarchies.ts";

export function homeOfV1(hierarchy: Hierarchy, { isMachineRoot }: User): string {
  return isMachineRoot ? hierarchy.mountPoint : hierarchy.ownDirectory;
}

export function homeOfV2(hierarchy: Hierarchy, { isMachineRoot }: User): string {
  const isTop = hierarchy.ownDirectory === hierarchy.mountPoint;
  return isMachineRoot || isTop ? hierarchy.mountPoint : dirname(hierarchy.ownDirectory);
}

/** Commands to type in the shell that Paddock is started from afterwards. */
export function remedyV1(mountPoints: readonly string[], { isMachineRoot, uid }: User): string {
  if (isMachineRoot) return writable;
  const loop = `for d in ${mountPoints.join(" ")}; do g=$d/user-${String(uid)}; mkdir -p $g && chown -R ${String(uid)} $g && echo '$$' > $g/cgroup.procs; done`;
  return `have root give you groups and start Paddock from the same shell: sudo sh -c '${loop}'`;
}

export function remedyV2(mountPoint: string, { isMachineRoot, uid }: User): string {
  if (isMachineRoot) return writable;
  const group = `${mountPoint}/user-${String(uid)}`;
  const script = [
    `echo +memory +cpu +pids > ${mountPoint}/cgroup.subtree_control`,
    `mkdir -p ${group}/shell`,
    `chown -R ${String(uid)} ${group}`,
    `echo '$$' > ${group}/shell/cgroup.procs`,
  ].join(" && ");
  return (
    "start Paddock with `systemd-run --user --scope -p Delegate=yes npm start`, or have root give you a " +
    `group and start Paddock from the same shell: sudo sh -c '${script}'`
  );
}

const writable =
  "the file system of the control groups is read-only here: give the container writable ones, see docs/containers.md";
