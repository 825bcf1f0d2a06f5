/** bubblewrap's arguments for one sandbox. Pure: the whole shape of what is seen inside is here. */
import type { SystemDirectory } from "../confined/system-directories.ts";
import { insideUser } from "../host/synthetic-etc.ts";
import { sandboxLimits } from "../limits.ts";
import type { ReadOnlyBind } from "../port.ts";

/** What the installed bubblewrap can do beyond what is required. */
export interface BubblewrapAbilities {
  /** 0.8: no user namespace can be made inside, on top of what the system call filter refuses. */
  readonly disableUserNamespaces: boolean;
  /** 0.7: bounded file systems in memory. */
  readonly memoryFileSystemSize: boolean;
}

export interface BubblewrapLayout {
  readonly abilities: BubblewrapAbilities;
  readonly systemDirectories: readonly SystemDirectory[];
  /** Paths on the host, all of them traversable by the sandbox's user. */
  readonly etc: string;
  readonly scratch: string;
  readonly task: string;
  readonly opt: string;
  readonly binds: readonly ReadOnlyBind[];
  /** The whole environment of the command: bubblewrap itself must not see what a user sets. */
  readonly environment: Readonly<Record<string, string>>;
  readonly descriptors: {
    readonly status: number;
    readonly block: number;
    readonly seccomp: number;
    readonly mounted: number;
  };
}

/** For `--args`: not on the command line, which processes inside could read. */
export function bubblewrapArguments(layout: BubblewrapLayout): string[] {
  const { descriptors } = layout;
  return [
    ...namespaceArguments(layout.abilities),
    ...["--seccomp", String(descriptors.seccomp)],
    ...["--json-status-fd", String(descriptors.status)],
    ...["--block-fd", String(descriptors.block)],
    ...systemArguments(layout),
    // Parents that bubblewrap makes by itself are closed to all but their owner.
    ...["--perms", "0755", "--dir", "/var"],
    ...["--bind", layout.scratch, "/tmp"],
    ...["--ro-bind", layout.task, "/var/task"],
    ...["--ro-bind", layout.opt, "/opt"],
    ...layout.binds.flatMap(({ source, target }) => ["--ro-bind", source, target]),
    // Copied to nowhere: that bubblewrap comes to it says that everything above is in its place.
    ...["--file", String(descriptors.mounted), "/dev/null"],
    // Last, for everything above makes its mount points in it.
    ...["--remount-ro", "/"],
    ...["--chdir", "/var/task"],
    "--clearenv",
    ...Object.entries(layout.environment).flatMap(([name, value]) => ["--setenv", name, value]),
  ];
}

/** Its network is made before it and joined: whoever owned a new one would have powers over it. */
export function namespaceArguments(abilities: BubblewrapAbilities): string[] {
  const id = String(insideUser.id);
  return [
    "--unshare-user",
    "--unshare-pid",
    "--unshare-ipc",
    "--unshare-uts",
    "--unshare-cgroup-try",
    ...(abilities.disableUserNamespaces ? ["--disable-userns"] : []),
    ...["--uid", id, "--gid", id],
    ...["--hostname", "sandbox"],
    ...["--cap-drop", "ALL"],
    "--new-session",
    "--die-with-parent",
  ];
}

function systemArguments({ abilities, etc, systemDirectories }: BubblewrapLayout): string[] {
  const sharedMemoryBytes = String(sandboxLimits.sharedMemoryMb * 1024 * 1024);
  return [
    ...["--ro-bind", "/usr", "/usr"],
    ...systemDirectories.flatMap(({ path, link }) =>
      link === undefined ? ["--ro-bind", path, path] : ["--symlink", link, path],
    ),
    ...["--ro-bind", etc, "/etc"],
    ...["--proc", "/proc"],
    // The switches of a network belong to the user that made it, which may be the sandbox's own.
    ...["--ro-bind", "/proc/sys", "/proc/sys"],
    ...["--dev", "/dev"],
    ...(abilities.memoryFileSystemSize ? ["--size", sharedMemoryBytes] : []),
    ...["--tmpfs", "/dev/shm"],
    ...["--remount-ro", "/dev"],
  ];
}
