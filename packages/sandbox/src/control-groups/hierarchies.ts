/** Where the control groups of this process are mounted. Pure: the texts come from /proc/self. */

/** One mounted hierarchy, and the group of it that this process is in. */
export interface Hierarchy {
  readonly mountPoint: string;
  /** Directory of the own group below `mountPoint`; may equal it. */
  readonly ownDirectory: string;
}

export interface Hierarchies {
  /** Controllers of version 1, by name. */
  readonly v1: ReadonlyMap<string, Hierarchy>;
  readonly v2: Hierarchy | undefined;
}

interface Mount {
  readonly root: string;
  readonly mountPoint: string;
  readonly type: string;
  readonly options: readonly string[];
}

/** `mountinfo` and `cgroup` as in proc(5) and cgroups(7). */
export function findHierarchies(mountinfo: string, cgroup: string): Hierarchies {
  const mounts = mountinfo.split("\n").flatMap(parseMount);
  const v1 = new Map<string, Hierarchy>();
  let v2: Hierarchy | undefined;
  for (const line of cgroup.split("\n")) {
    const match = /^[0-9]+:([^:]*):(.*)$/.exec(line);
    if (match === null) {
      continue;
    }
    const [, controllers = "", path = "/"] = match;
    if (controllers === "") {
      const mount = mounts.find(({ type }) => type === "cgroup2");
      v2 = mount && toHierarchy(mount, path);
      continue;
    }
    for (const controller of controllers.split(",")) {
      const mount = mounts.find(
        ({ type, options }) => type === "cgroup" && options.includes(controller),
      );
      if (mount !== undefined) {
        v1.set(controller, toHierarchy(mount, path));
      }
    }
  }
  return { v1, v2 };
}

function parseMount(line: string): Mount[] {
  const [left, right] = line.split(" - ");
  const [, , , root, mountPoint] = left?.split(" ") ?? [];
  const [type, , options] = right?.split(" ") ?? [];
  return root === undefined || mountPoint === undefined || type === undefined
    ? []
    : [{ root, mountPoint, type, options: options?.split(",") ?? [] }];
}

/** In a container the mount's root is the container's own group, not the machine's. */
function toHierarchy({ root, mountPoint }: Mount, path: string): Hierarchy {
  const relative = root !== "/" && path.startsWith(root) ? path.slice(root.length) : path;
  return { mountPoint, ownDirectory: `${mountPoint}${relative === "/" ? "" : relative}` };
}
