/** mount(2) in the words of this package. Flags: include/uapi/linux/mount.h. */
import { call, callLater } from "./libc.ts";

const MS_RDONLY = 1;
const MS_NOSUID = 2;
const MS_NODEV = 4;
const MS_REMOUNT = 32;
const MS_BIND = 4096;
const MS_PRIVATE = 1 << 18;
const MS_SHARED = 1 << 20;
const MNT_DETACH = 2;

/** A file system in memory, owned by the caller, traversable but not listable by others. */
export function mountMemory(target: string, sizeMb: number): void {
  const data = `size=${String(sizeMb)}m,mode=0711`;
  const doing = `mount a file system in memory at ${target}`;
  call("mount", doing, "paddock", target, "tmpfs", MS_NOSUID | MS_NODEV, data);
  call("mount", `make ${target} private`, null, target, null, MS_PRIVATE, null);
}

/** Mounts below `target` made from now on appear in every namespace that has a copy of it. */
export function makeShared(target: string): void {
  call("mount", `make ${target} shared`, null, target, null, MS_SHARED, null);
}

/** Shows `source` at `target`; a bind of a read-only bind is read-only from its first moment. */
export function bindMount(source: string, target: string): void {
  call("mount", `show ${source} at ${target}`, source, target, null, MS_BIND, null);
}

/** Two steps, as the kernel wants it: never do this where somebody already sees `target`. */
export function bindReadOnly(source: string, target: string): void {
  bindMount(source, target);
  try {
    const flags = MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV;
    call("mount", `make ${target} read-only`, null, target, null, flags, null);
  } catch (error) {
    unmount(target);
    throw error;
  }
}

/** Takes the mount and all below it away at once; what still uses it keeps it until it ends. */
export function unmount(target: string): void {
  call("umount2", `unmount ${target}`, target, MNT_DETACH);
}

/** The same off the calling thread: the kernel waits for every processor before it returns. */
export async function unmountLater(target: string): Promise<void> {
  await callLater("umount2", `unmount ${target}`, target, MNT_DETACH);
}
