/** Where workers of this machine keep what lives only as long as they do. */
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { sandboxLimits } from "../limits.ts";
import { isDeadWorker } from "./worker-name.ts";

/** Made if need be. Sandboxes' users can pass through it, not list it. */
export function runtimeDirectory(isRoot: boolean, dataDirectory: string): string {
  const user = process.env["XDG_RUNTIME_DIR"];
  const parent = isRoot
    ? "/run/paddock"
    : join(user === undefined ? dataDirectory : user, "paddock");
  mkdirSync(parent, { recursive: true, mode: 0o711 });
  return parent;
}

/** Their mounts went with their namespaces: only empty directories are left. */
export function removeDeadDirectories(parent: string): void {
  const names = readdirSync(parent).slice(0, sandboxLimits.staleEntries).filter(isDeadWorker);
  for (const name of names) rmSync(join(parent, name), { recursive: true, force: true });
}
