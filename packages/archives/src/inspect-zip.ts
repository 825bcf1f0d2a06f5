import { planArchive } from "./archive-plan.ts";
import { readContent } from "./content.ts";

export interface ArchiveSummary {
  /** Files, directories and links, directories that are only implied included. */
  readonly entries: number;
  readonly unzippedBytes: number;
}

/**
 * Checks a code archive as a whole, sizes and checksums included, without writing anything.
 *
 * Throws PaddockError with AWS's texts: InvalidParameterValueException for what cannot be unzipped
 * (no zip, encrypted, damaged, names or links that leave it, devices, sizes that are not as declared),
 * for more than 250 MB unzipped and for too many entries; RequestEntityTooLargeException for more
 * than 50 MB zipped. The error's `cause` says which entry is wrong.
 */
export async function inspectZip(bytes: Uint8Array): Promise<ArchiveSummary> {
  const plan = await planArchive(bytes);
  for (const entry of plan.entries.values()) {
    if (entry.kind === "file") await readContent(entry.content);
  }
  return { entries: plan.entries.size, unzippedBytes: plan.unzippedBytes };
}
