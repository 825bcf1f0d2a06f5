/**
 * Mounts that are attached nowhere: a descriptor holds them, and whatever namespace needs them gets
 * them moved in (fsopen(2), fsmount(2), move_mount(2); Linux 5.2). So the worker's own namespace,
 * which is copied for each sandbox that starts, stays small however many file systems it has.
 */
import { closeSync, openSync } from "node:fs";
import { open } from "node:fs/promises";
import { call, callLater } from "./libc.ts";

/** The same numbers on every architecture. */
const SYS_OPEN_TREE = 428;
const SYS_MOVE_MOUNT = 429;
const SYS_FSOPEN = 430;
const SYS_FSCONFIG = 431;
const SYS_FSMOUNT = 432;
const CLOEXEC = 1;
const FSCONFIG_SET_FLAG = 0;
const FSCONFIG_SET_STRING = 1;
const FSCONFIG_CMD_CREATE = 6;
const OPEN_TREE_CLONE = 1;
const O_CLOEXEC = 0o2_000_000;
const MOUNT_ATTR_NOSUID = 2;
const MOUNT_ATTR_NODEV = 4;
const MOUNT_ATTR_NOATIME = 0x10;
const MOVE_MOUNT_F_EMPTY_PATH = 4;
const AT_FDCWD = -100;
const CLONE_FS = 0x200;
const CLONE_NEWNS = 0x2_0000;
const FS_IOC_SHUTDOWN = 0x8004_587d;
const EXT4_GOING_FLAGS_NOLOGFLUSH = 2;

export interface FileSystemToOpen {
  readonly type: "ext4" | "tmpfs";
  readonly source: string;
  /** `true` for options without a value. */
  readonly options: Readonly<Record<string, string | true>>;
}

/** Opens it, nosuid, nodev and noatime. */
export async function openFileSystem(of: FileSystemToOpen): Promise<number> {
  const context = openContext(of);
  try {
    await callLater("fsconfig", doing(of), ...creating(context));
    return mountOf(context, of);
  } finally {
    closeSync(context);
  }
}

/** One more mount of a device's file system that is open already: nothing of it waits for a disk. */
export function reopenFileSystem(of: FileSystemToOpen): number {
  const context = openContext(of);
  try {
    call("fsconfig", doing(of), ...creating(context));
    return mountOf(context, of);
  } finally {
    closeSync(context);
  }
}

function doing({ source, type }: FileSystemToOpen): string {
  return `open the ${type} file system of ${source}`;
}

function openContext(of: FileSystemToOpen): number {
  const context = call("fsopen", doing(of), SYS_FSOPEN, of.type, CLOEXEC);
  const settings: FileSystemToOpen["options"] = { source: of.source, ...of.options };
  try {
    for (const [name, value] of Object.entries(settings)) {
      const [command, text] =
        value === true ? [FSCONFIG_SET_FLAG, null] : [FSCONFIG_SET_STRING, value];
      call("fsconfig", `${doing(of)} with ${name}`, SYS_FSCONFIG, context, command, name, text, 0);
    }
    return context;
  } catch (error) {
    closeSync(context);
    throw error;
  }
}

function creating(context: number) {
  return [SYS_FSCONFIG, context, FSCONFIG_CMD_CREATE, null, null, 0] as const;
}

function mountOf(context: number, of: FileSystemToOpen): number {
  const attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOATIME;
  return call("fsmount", doing(of), SYS_FSMOUNT, context, CLOEXEC, attributes);
}

/** One more mount, attached nowhere, of what is mounted at `path`. */
export function copyMount(path: string): number {
  const flags = OPEN_TREE_CLONE | O_CLOEXEC;
  return call("open_tree", `copy the mount at ${path}`, SYS_OPEN_TREE, AT_FDCWD, path, flags);
}

/** Leads to it, in this process. */
export function pathOfMount(mount: number): string {
  return `/proc/self/fd/${String(mount)}`;
}

/** From now on the namespace holds it, and the descriptor may be closed. */
export function attachMount(mount: number, target: string): void {
  const where = [AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH] as const;
  call("move_mount", `mount at ${target}`, SYS_MOVE_MOUNT, mount, "", ...where);
}

/**
 * Attaches a mount in the mount namespace of a process (a descriptor of it), over what is mounted there: taking that
 * away would wait for every processor. The calling thread goes there and comes back, its working
 * directory kept.
 */
export function attachMountInside(process: number, target: string, mount: number): void {
  const home = openSync("/proc/thread-self/ns/mnt", "r");
  const directory = openSync(".", "r");
  try {
    // Threads that share their working directory may not change the namespace.
    call("unshare", "have a working directory of its own", CLONE_FS);
    call("setns", "enter a mount namespace", process, CLONE_NEWNS);
    try {
      attachMount(mount, target);
    } finally {
      call("setns", "come back from a mount namespace", home, CLONE_NEWNS);
      call("fchdir", "come back to the working directory", directory);
    }
  } finally {
    closeSync(home);
    closeSync(directory);
  }
}

/** What it has not written yet never is. For a file system whose contents nobody wants any more. */
export async function shutDownFileSystem(mount: number): Promise<void> {
  const how = new Uint8Array(new Uint32Array([EXT4_GOING_FLAGS_NOLOGFLUSH]).buffer);
  const root = await open(pathOfMount(mount), "r");
  try {
    await callLater("ioctl", "shut a file system down", root.fd, FS_IOC_SHUTDOWN, how);
  } finally {
    await root.close();
  }
}
