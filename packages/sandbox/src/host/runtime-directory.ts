/** Where workers of this machine keep what lives only as long as they do. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { unmount } from "../kernel/mounts.ts";
import { sandboxLimits } from "../limits.ts";
import { isDeadWorker } from "./worker-name.ts";

/** Made if need be. Sandboxes' users can pass through it, not list it. */
export function runtimeDirectory(isRoot: boolean, dataDirectory: string): string {
  // oxlint-disable-next-line node/no-process-env -- the system's own variable, not a setting of ours
  const user = process.env["XDG_RUNTIME_DIR"];
  const parent = isRoot
    ? "/run/paddock"
    : join(user === undefined ? dataDirectory : user, "paddock");
  mkdirSync(parent, { recursive: true });
  chmodSync(parent, 0o711);
  return parent;
}

/**
 * A dead worker's mounts went with its namespace and leave an empty directory. One that never
 * entered a namespace of its own left them mounted: so unmount first, and never remove recursively,
 * for below such a directory lies what is mounted there.
 */
export function removeDeadDirectories(parent: string): void {
  const names = readdirSync(parent).slice(0, sandboxLimits.staleEntries).filter(isDeadWorker);
  const mounted = readFileSync("/proc/self/mountinfo", "utf8");
  for (const name of names) {
    const directory = join(parent, name);
    if (mounted.includes(` ${directory} `)) unmount(directory);
    rmdirSync(directory);
  }
}
