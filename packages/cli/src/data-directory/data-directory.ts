import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../user-error.ts";

/**
 * `<data-directory>/version.json` says which layout the directory has. A directory of a newer
 * layout is refused, and so is one with files in it that is no data directory at all.
 */

/** Number of the layout that this Paddock reads and writes. */
export const DATA_FORMAT = 1;
export const PADDOCK_VERSION = "0.1.0";

const versionFileSchema = z.object({
  format: z.number().int().positive(),
  writtenBy: z.string(),
});

export const dataPaths = {
  version: (directory: string) => join(directory, "version.json"),
  lock: (directory: string) => join(directory, "supervisor.lock"),
  processes: (directory: string) => join(directory, "processes.json"),
  secrets: (directory: string) => join(directory, "secrets.json"),
  running: (directory: string) => join(directory, "running.json"),
  logs: (directory: string) => join(directory, "logs"),
  nats: (directory: string) => join(directory, "nats"),
  redis: (directory: string) => join(directory, "redis"),
  postgres: (directory: string) => join(directory, "postgres"),
} as const;

function readVersion(directory: string): z.output<typeof versionFileSchema> | undefined {
  let text: string;
  try {
    text = readFileSync(dataPaths.version(directory), "utf8");
  } catch {
    return undefined;
  }
  try {
    return versionFileSchema.parse(JSON.parse(text));
  } catch {
    throw new UserError(
      `${dataPaths.version(directory)} cannot be read: it should hold {"format":${DATA_FORMAT},"writtenBy":"…"}. Nothing was changed.`,
    );
  }
}

function create(directory: string): void {
  if (readdirSync(directory).length > 0) {
    throw new UserError(
      `${directory} has files in it but no version.json, so it is not a data directory of Paddock: name an empty or new one with --data-dir.`,
    );
  }
  const content = { format: DATA_FORMAT, writtenBy: PADDOCK_VERSION };
  writeFileSync(dataPaths.version(directory), `${JSON.stringify(content)}\n`);
}

/** Makes the directory when it is missing; throws UserError when this Paddock must not use it. */
export function openDataDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    if (!statSync(directory).isDirectory()) throw new Error("it is no directory");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`The data directory ${directory} cannot be used: ${reason}.`);
  }
  const version = readVersion(directory);
  if (version === undefined) create(directory);
  else if (version.format > DATA_FORMAT) {
    throw new UserError(
      `The data in ${directory} was written by a newer Paddock (${version.writtenBy}, format ${version.format}); this one (${PADDOCK_VERSION}) knows formats up to ${DATA_FORMAT}. Use the newer Paddock, or another directory with --data-dir.`,
    );
  }
  mkdirSync(dataPaths.logs(directory), { recursive: true });
}
