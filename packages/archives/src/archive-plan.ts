/**
 * Reads a zip's central directory into a plan of what would be written, and refuses whatever could
 * harm: names and links that leave the root, files under links, devices, encryption, more entries or
 * bytes than the limits. Nothing has been inflated yet: declared sizes are checked here, real ones
 * in `content.ts`.
 */
import { limits } from "@paddock/contracts";
import { type Entry, fromBufferPromise, type ZipFile } from "yauzl";
import { readContent, type StoredContent } from "./content.ts";
import { linkStaysInside, splitName } from "./entry-name.ts";
import {
  emptyArchive,
  notUnzippable,
  tooManyEntries,
  unzippedTooLarge,
  zippedTooLarge,
} from "./errors.ts";
import { archiveLimits } from "./limits.ts";

export type PlannedEntry =
  | { readonly kind: "directory" }
  | { readonly kind: "file"; readonly executable: boolean; readonly content: StoredContent }
  | { readonly kind: "link"; readonly target: string };

export interface ArchivePlan {
  /** By path below the root, components joined by `/`; directories that are only implied included. */
  readonly entries: ReadonlyMap<string, PlannedEntry>;
  /** Sum of the declared sizes. */
  readonly unzippedBytes: number;
}

export async function planArchive(bytes: Uint8Array): Promise<ArchivePlan> {
  if (bytes.byteLength > limits.zippedCodeBytes) throw zippedTooLarge();
  if (bytes.byteLength === 0) throw emptyArchive();
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const zip = await openZip(buffer);
  if (zip.entryCount === 0) throw emptyArchive();
  if (zip.entryCount > limits.codeArchiveEntries) throw tooManyEntries();
  const plan = new Plan();
  try {
    for await (const entry of zip.eachEntry()) await plan.add(entry, zip, buffer);
  } catch (error) {
    throw asPaddockError(error);
  }
  plan.checkParents();
  return plan;
}

async function openZip(buffer: Buffer): Promise<ZipFile> {
  try {
    return await fromBufferPromise(buffer, { lazyEntries: true, autoClose: false });
  } catch (error) {
    throw asPaddockError(error);
  }
}

/** yauzl's errors are plain; ours carry a code. */
function asPaddockError(error: unknown): unknown {
  if (error instanceof Error && error.name !== "PaddockError") return notUnzippable(error.message);
  return error;
}

class Plan implements ArchivePlan {
  readonly entries = new Map<string, PlannedEntry>();
  unzippedBytes = 0;

  async add(entry: Entry, zip: ZipFile, buffer: Buffer): Promise<void> {
    if (entry.isEncrypted()) throw notUnzippable(`${entry.fileName} is encrypted`);
    const name = splitName(entry.fileName);
    if ("refused" in name) throw notUnzippable(name.refused);
    this.unzippedBytes += entry.uncompressedSize;
    if (this.unzippedBytes > limits.unzippedCodeBytes) throw unzippedTooLarge();
    const kind = kindOf(entry);
    // `./` alone names the root.
    if (name.path.length === 0 && kind === "directory") return;
    if (name.path.length === 0) throw notUnzippable("an entry has no name");
    this.#implyParents(name.path);
    this.#set(name.path, await planned(kind, { entry, zip, buffer, path: name.path }));
  }

  /** A file below something that is no directory would be written somewhere else. */
  checkParents(): void {
    for (const path of this.entries.keys()) {
      const slash = path.lastIndexOf("/");
      if (slash === -1) continue;
      const parent = path.slice(0, slash);
      if (this.entries.get(parent)?.kind !== "directory") {
        throw notUnzippable(`${parent} is no directory, and ${path} is in it`);
      }
    }
  }

  #implyParents(path: readonly string[]): void {
    for (let depth = path.length - 1; depth > 0; depth -= 1) {
      const parent = path.slice(0, depth).join("/");
      if (this.entries.has(parent)) return;
      this.#set(path.slice(0, depth), { kind: "directory" });
    }
  }

  /** The last of several files with one name counts, as unzip does it; kinds must agree. */
  #set(path: readonly string[], entry: PlannedEntry): void {
    const name = path.join("/");
    const before = this.entries.get(name);
    if (before !== undefined && before.kind !== entry.kind) {
      throw notUnzippable(`${name} is there twice, as different kinds`);
    }
    this.entries.set(name, entry);
    if (this.entries.size > limits.codeArchiveEntries) throw tooManyEntries();
  }
}

async function planned(
  kind: PlannedEntry["kind"],
  found: { entry: Entry; zip: ZipFile; buffer: Buffer; path: readonly string[] },
): Promise<PlannedEntry> {
  if (kind === "directory") return { kind };
  const { entry, zip, buffer, path } = found;
  const content = await locate(entry, zip, buffer);
  if (kind === "file") {
    return { kind, content, executable: (unixMode(entry) & EXECUTABLE_BITS) !== 0 };
  }
  if (content.size > archiveLimits.linkTargetBytes) throw notUnzippable("a link is too long");
  const target = (await readContent(content)).toString("utf8");
  if (!linkStaysInside(path.slice(0, -1), target)) {
    throw notUnzippable(`the link ${entry.fileName} leads out of the archive, to ${target}`);
  }
  return { kind, target };
}

/** Where the entry's bytes lie in the archive. */
async function locate(entry: Entry, zip: ZipFile, buffer: Buffer): Promise<StoredContent> {
  const { compressionMethod: method, fileName: name } = entry;
  if (method !== STORED && method !== DEFLATED) {
    throw notUnzippable(`${name} is compressed with the unsupported method ${method}`);
  }
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  const end = fileDataStart + entry.compressedSize;
  if (end > buffer.length) throw notUnzippable(`${name} reaches beyond the end of the archive`);
  return {
    name,
    bytes: buffer.subarray(fileDataStart, end),
    deflated: method === DEFLATED,
    size: entry.uncompressedSize,
    crc32: entry.crc32,
  };
}

/** Source: APPNOTE.TXT 4.4.2 (made by Unix), 4.4.5; file types of stat(2). */
const MADE_BY_UNIX = 3;
const MADE_BY_MACOS = 19;
const STORED = 0;
const DEFLATED = 8;
const TYPE_BITS = 0o170000;
const REGULAR = 0o100000;
const DIRECTORY = 0o040000;
const LINK = 0o120000;
const EXECUTABLE_BITS = 0o111;

/** 0 where the archive was not made on Unix: it then has no Unix modes. */
function unixMode(entry: Entry): number {
  const madeBy = entry.versionMadeBy >> 8;
  if (madeBy !== MADE_BY_UNIX && madeBy !== MADE_BY_MACOS) return 0;
  return entry.externalFileAttributes >>> 16;
}

function kindOf(entry: Entry): PlannedEntry["kind"] {
  const type = unixMode(entry) & TYPE_BITS;
  if (type === LINK) return "link";
  // Many tools leave the type out and end a directory's name with a slash.
  if (type === DIRECTORY || entry.fileName.endsWith("/")) return "directory";
  if (type === REGULAR || type === 0) return "file";
  throw notUnzippable(`${entry.fileName} is neither a file, a directory nor a link`);
}
