import { lstat, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";

/**
 * Moves everything in `from` into `to`, over what is there. Only where both have a directory are the
 * two merged; otherwise the newer one replaces the older, whatever it is. Links are moved, and never
 * followed: a path below one of them is not written to, for then the link is what is replaced.
 */
export async function mergeFolder(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory() && (await isDirectory(target))) {
      await mergeFolder(source, target);
      continue;
    }
    await rm(target, { recursive: true, force: true });
    await rename(source, target);
  }
}

async function isDirectory(path: string): Promise<boolean> {
  const status = await lstat(path).catch(() => undefined);
  return status?.isDirectory() ?? false;
}
