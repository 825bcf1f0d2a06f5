import { chmod, mkdir, open, symlink } from "node:fs/promises";
import { join } from "node:path";
import { type PlannedEntry, planArchive } from "./archive-plan.ts";
import { readContent } from "./content.ts";
import type { ArchiveSummary } from "./inspect-zip.ts";
import { archiveLimits } from "./limits.ts";

const DIRECTORY_MODE = 0o755;
const FILE_MODE = 0o644;
const EXECUTABLE_MODE = 0o755;

/**
 * Unpacks a code archive into a directory, which is made when missing and should be empty and the
 * caller's alone. Everything `inspectZip` refuses is refused here too, the names before anything is
 * written. Files are world-readable (0644, or 0755 where the archive says executable) whatever the
 * umask; links come last, so that nothing is ever written through one.
 *
 * After an error the directory holds a part of the archive: the caller removes it.
 */
export async function unpackZip(bytes: Uint8Array, directory: string): Promise<ArchiveSummary> {
  const plan = await planArchive(bytes);
  await makeDirectory(directory);
  const files: [string, PlannedEntry & { kind: "file" }][] = [];
  const links: [string, string][] = [];
  // Parents come before what is in them: their paths are shorter beginnings of the same text.
  for (const [path, entry] of [...plan.entries].toSorted(byPath)) {
    if (entry.kind === "directory") await makeDirectory(join(directory, path));
    else if (entry.kind === "file") files.push([join(directory, path), entry]);
    else links.push([join(directory, path), entry.target]);
  }
  await writeFiles(files);
  for (const [path, target] of links) await symlink(target, path);
  return { entries: plan.entries.size, unzippedBytes: plan.unzippedBytes };
}

function byPath(a: [string, PlannedEntry], b: [string, PlannedEntry]): number {
  return a[0] < b[0] ? -1 : 1;
}

async function makeDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  await chmod(path, DIRECTORY_MODE);
}

/** A few at a time: each is a handful of short system calls. */
async function writeFiles(files: [string, PlannedEntry & { kind: "file" }][]): Promise<void> {
  const queue = files.values();
  let failed = false;
  const writer = async () => {
    for (const [path, entry] of queue) {
      if (failed) return;
      await writeFile(path, entry).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  const writers = Array.from({ length: archiveLimits.parallelWrites }, writer);
  // All have to be done before the caller hears of an error: it will remove the directory.
  for (const result of await Promise.allSettled(writers)) {
    if (result.status === "rejected") throw result.reason;
  }
}

async function writeFile(path: string, entry: PlannedEntry & { kind: "file" }): Promise<void> {
  const content = await readContent(entry.content);
  // Exclusive: it can neither follow a link nor overwrite what somebody else put there.
  const file = await open(path, "wx");
  try {
    await file.writeFile(content);
    await file.chmod(entry.executable ? EXECUTABLE_MODE : FILE_MODE);
  } finally {
    await file.close();
  }
}
