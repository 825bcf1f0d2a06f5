import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { cliLimits } from "../limits.ts";
import { UserError } from "../user-error.ts";
import { dataPaths } from "./data-directory.ts";
import { readJson } from "./files.ts";
import { identify, isAlive, processIdentitySchema } from "./process-identity.ts";

/**
 * One supervisor per data directory. The lock is a file that names its holder; it appears in one
 * step (link), so that nobody reads half of it. The lock of a holder that is gone is taken over.
 */
export interface DirectoryLock {
  release(): void;
}

function tryToTake(path: string): boolean {
  const own = `${path}.${process.pid}`;
  writeFileSync(own, JSON.stringify(identify(process.pid)), { mode: 0o600 });
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Renames before removing, so that of two who find the same stale lock only one removes it. */
function removeStale(path: string, content: string): void {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  // Somebody else was faster and this is their fresh lock: give it back.
  if (readFileSync(aside, "utf8") !== content) {
    try {
      linkSync(aside, path);
    } catch {
      // A third one holds it by now, and the holder of this one will notice nothing worse than that.
    }
  }
  rmSync(aside, { force: true });
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

export function lockDataDirectory(directory: string): DirectoryLock {
  const path = dataPaths.lock(directory);
  for (let attempt = 0; attempt < cliLimits.lockAttempts; attempt += 1) {
    if (tryToTake(path)) return { release: () => rmSync(path, { force: true }) };
    const content = contentOf(path);
    if (content === undefined) continue;
    const holder = readJson(path, processIdentitySchema);
    if (holder !== undefined && isAlive(holder)) {
      throw new UserError(
        `Paddock already runs with the data directory ${directory} (process ${holder.pid}): stop it first, or start this one with another --data-dir.`,
      );
    }
    removeStale(path, content);
  }
  throw new UserError(
    `The lock ${path} could not be taken: several Paddocks are starting with this data directory at once.`,
  );
}
