/**
 * The OCI configuration of one sandbox, as `runsc run --bundle` reads it. Pure: the whole shape of
 * what is seen inside is here. gVisor brings its own /proc, /sys and /dev, none of the host's.
 */
import type { SystemDirectory } from "../confined/system-directories.ts";
import { insideUser } from "../host/synthetic-etc.ts";
import { sandboxLimits } from "../limits.ts";
import type { ReadOnlyBind } from "../port.ts";

export interface BundleLayout {
  /** Root of the sandbox's file system on the host: mount points, links and the code's places. */
  readonly root: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly openFiles: number;
  /** Paths on the host. */
  readonly etc: string;
  readonly scratch: string;
  readonly binds: readonly ReadOnlyBind[];
  readonly systemDirectories: readonly SystemDirectory[];
}

interface Mount {
  readonly destination: string;
  readonly type: string;
  readonly source: string;
  readonly options: readonly string[];
}

export function bundleConfig(layout: BundleLayout): object {
  const { command, environment, openFiles } = layout;
  return {
    ociVersion: "1.0.2",
    hostname: "sandbox",
    root: { path: layout.root, readonly: true },
    process: {
      user: { uid: insideUser.id, gid: insideUser.id },
      args: withoutHome(command, environment),
      env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
      cwd: "/var/task",
      noNewPrivileges: true,
      capabilities: { bounding: [], effective: [], permitted: [], inheritable: [], ambient: [] },
      rlimits: [
        { type: "RLIMIT_NOFILE", soft: openFiles, hard: openFiles },
        { type: "RLIMIT_CORE", soft: 0, hard: 0 },
      ],
    },
    mounts: mounts(layout),
    linux: {
      // The one user that the sandbox has outside, by the number that it has inside.
      namespaces: ["user", "pid", "ipc", "uts", "mount"].map((type) => ({ type })),
      uidMappings: [onlyUser],
      gidMappings: [onlyUser],
    },
  };
}

/** gVisor gives a command the home of its user, which Lambda does not: taken away again. */
function withoutHome(
  command: readonly string[],
  environment: Readonly<Record<string, string>>,
): readonly string[] {
  return "HOME" in environment ? command : ["/usr/bin/env", "-u", "HOME", "--", ...command];
}

const onlyUser = { containerID: insideUser.id, hostID: insideUser.id, size: 1 };

function mounts({ binds, etc, scratch, systemDirectories }: BundleLayout): Mount[] {
  const sharedMemory = `size=${String(sandboxLimits.sharedMemoryMb * 1024 * 1024)}`;
  return [
    { destination: "/proc", type: "proc", source: "proc", options: [] },
    { destination: "/dev", type: "tmpfs", source: "tmpfs", options: [] },
    {
      destination: "/dev/shm",
      type: "tmpfs",
      source: "tmpfs",
      options: ["mode=1777", sharedMemory],
    },
    readOnly("/usr", "/usr"),
    ...systemDirectories.flatMap(({ path, link }) =>
      link === undefined ? [readOnly(path, path)] : [],
    ),
    readOnly(etc, "/etc"),
    {
      destination: "/tmp",
      type: "bind",
      source: scratch,
      options: ["bind", "rw", "nosuid", "nodev"],
    },
    ...binds.map(({ source, target }) => readOnly(source, target)),
  ];
}

function readOnly(source: string, destination: string): Mount {
  return { destination, type: "bind", source, options: ["bind", "ro", "nosuid", "nodev"] };
}
