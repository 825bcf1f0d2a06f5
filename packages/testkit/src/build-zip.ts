import { buffer } from "node:stream/consumers";
import { ZipFile } from "yazl";

/**
 * One entry of an archive: its content, or content with a Unix mode, or a symbolic link. A path
 * that ends in `/` is an empty directory.
 */
export type ZipEntry =
  | string
  | Uint8Array
  | { readonly content: string | Uint8Array; readonly mode?: number; readonly compress?: boolean }
  | { readonly symlink: string };

const REGULAR_FILE = 0o100_644;
const SYMBOLIC_LINK = 0o120_777;
const FILE_TYPE = 0o100_000;

/** The same input gives the same bytes. 1980 is the oldest date that a zip can hold. */
const MODIFIED_AT = new Date(2000, 0, 1);

/**
 * Builds a zip in memory. Paths that no honest tool writes (`../x`, `/x`, `a\\b`) are written as
 * given, so that refusing them can be tested.
 */
export async function buildZip(files: Readonly<Record<string, ZipEntry>>): Promise<Buffer> {
  const zip = new ZipFile();
  const disguised: { readonly alias: string; readonly path: string }[] = [];
  for (const [path, entry] of Object.entries(files)) {
    const alias = isHonest(path) ? path : disguise(path, disguised.length);
    if (alias !== path) disguised.push({ alias, path });
    addEntry(zip, alias, entry);
  }
  zip.end();
  // yazl types its stream as NodeJS.ReadableStream, which is iterable as the consumer needs it.
  const bytes = await buffer(zip.outputStream as unknown as AsyncIterable<Buffer>);
  for (const { alias, path } of disguised) replaceAll(bytes, Buffer.from(alias), Buffer.from(path));
  return bytes;
}

function addEntry(zip: ZipFile, path: string, entry: ZipEntry): void {
  if (path.endsWith("/")) {
    zip.addEmptyDirectory(path, { mtime: MODIFIED_AT });
    return;
  }
  if (typeof entry === "object" && "symlink" in entry) {
    zip.addBuffer(Buffer.from(entry.symlink), path, { mode: SYMBOLIC_LINK, mtime: MODIFIED_AT });
    return;
  }
  const plain = typeof entry === "string" || entry instanceof Uint8Array;
  const { content, mode, compress } = plain
    ? { content: entry, mode: undefined, compress: undefined }
    : { content: entry.content, mode: entry.mode, compress: entry.compress };
  zip.addBuffer(Buffer.from(content), path, {
    mode: mode === undefined ? REGULAR_FILE : FILE_TYPE | mode,
    mtime: MODIFIED_AT,
    compress: compress ?? true,
  });
}

function isHonest(path: string): boolean {
  return !path.startsWith("/") && !path.includes("\\") && !path.split("/").includes("..");
}

/** A harmless name of the same length in bytes, to be put back once the archive is made. */
function disguise(path: string, index: number): string {
  return `@${index}`.padEnd(Buffer.byteLength(path), path.endsWith("/") ? "/" : "@");
}

function replaceAll(bytes: Buffer, from: Buffer, to: Buffer): void {
  for (let at = bytes.indexOf(from); at !== -1; at = bytes.indexOf(from, at + to.length)) {
    to.copy(bytes, at);
  }
}
