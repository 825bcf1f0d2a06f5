/**
 * What an empty ext4 file system of one size consists of: the few blocks of its image that are not
 * zero. mkfs.ext4 makes one image for each size; every other is these blocks in a sparse file.
 *
 * No journal, for nobody reads an image after its environment has ended; tables that are zero count
 * as empty, so that nothing has to be written first.
 */
import { execFile } from "node:child_process";
import { chmod, type FileHandle, open, rmdir, statfs, truncate, unlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { messageOf, SandboxError } from "../errors.ts";
import { closeLater } from "../kernel/descriptors.ts";
import { pathOfMount } from "../kernel/file-systems.ts";
import { dataRanges, type FileRange } from "../kernel/sparse-files.ts";
import { sandboxLimits } from "../limits.ts";
import { mountImage } from "./disk-image.ts";

export interface DiskTemplate {
  readonly imageBytes: number;
  readonly pieces: readonly { readonly position: number; readonly bytes: Uint8Array }[];
}

export interface DiskTemplateOptions {
  /** Where an image may lie for a moment. */
  readonly directory: string;
  /** The program mkfs.ext4. */
  readonly mkfs: string;
  readonly sizeMb: number;
}

const MIB = 1024 * 1024;
const BLOCK_BYTES = 4096;
const INODE_BYTES = 256;
/** ext4 keeps 2 % of the blocks, 4,096 at most, for itself. */
const RESERVED_SHARE = 0.02;
const RESERVED_BLOCKS_MAX = 4096;
/** As Lambda's /tmp. */
const OPEN_TO_ALL = 0o1777;
/** Named one by one: what an mkfs makes by itself changes with its version and configuration. */
const features =
  "none,filetype,extent,64bit,flex_bg,sparse_super,large_file,huge_file,dir_index,dir_nlink," +
  "extra_isize,ext_attr,metadata_csum";

/** What is free to a function is `sizeMb`, and at most `scratchSurplusMb` more. */
export async function makeDiskTemplate(options: DiskTemplateOptions): Promise<DiskTemplate> {
  const path = join(options.directory, `template-${String(options.sizeMb)}.img`);
  try {
    let imageBytes = firstGuess(options.sizeMb);
    for (let attempt = 0; attempt < sandboxLimits.templateAttempts; attempt += 1) {
      const surplus = (await format(path, imageBytes, options)) - options.sizeMb * MIB;
      if (surplus >= 0 && surplus <= sandboxLimits.scratchSurplusMb * MIB) {
        return { imageBytes, pieces: await readPieces(path) };
      }
      imageBytes = wholeBlocks(imageBytes - surplus);
    }
  } catch (error) {
    const what = `cannot make a file system of ${String(options.sizeMb)} MB`;
    throw new SandboxError(`${what}: ${messageOf(error)}`, { cause: error });
  } finally {
    await unlink(path).catch(() => undefined);
  }
  throw new SandboxError(`mkfs.ext4 makes no file system with ${String(options.sizeMb)} MB free`);
}

/** A new image. Sparse: it takes what the template's pieces take. */
export async function writeImage(path: string, template: DiskTemplate): Promise<void> {
  const image = await open(path, "wx", 0o600);
  try {
    await image.truncate(template.imageBytes);
    for (const { position, bytes } of template.pieces) {
      await image.write(bytes, 0, bytes.length, position);
    }
  } finally {
    await image.close();
  }
}

function firstGuess(sizeMb: number): number {
  const usable = sizeMb * MIB;
  const tables = inodesOf(sizeMb) * INODE_BYTES;
  const reserved = Math.min(usable * RESERVED_SHARE, RESERVED_BLOCKS_MAX * BLOCK_BYTES);
  return wholeBlocks(usable + tables + reserved + MIB);
}

function wholeBlocks(bytes: number): number {
  return Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
}

function inodesOf(sizeMb: number): number {
  return sizeMb * sandboxLimits.scratchInodesPerMb;
}

/** Makes the file system and says how many bytes are free in it to anybody. */
async function format(
  path: string,
  imageBytes: number,
  { mkfs, sizeMb }: DiskTemplateOptions,
): Promise<number> {
  await (await open(path, "w", 0o600)).close();
  await truncate(path, imageBytes);
  const parameters = [
    ...["-q", "-F", "-t", "ext4", "-O", features, "-b", String(BLOCK_BYTES)],
    ...["-I", String(INODE_BYTES), "-N", String(inodesOf(sizeMb)), "-m", "0"],
    ...["-E", "lazy_itable_init=1,nodiscard", path],
  ];
  const bounds = { timeout: sandboxLimits.probeMs, maxBuffer: sandboxLimits.probeOutputBytes };
  await promisify(execFile)(mkfs, parameters, bounds);
  const { mount } = await mountImage(path);
  try {
    const root = pathOfMount(mount);
    await rmdir(join(root, "lost+found"));
    await chmod(root, OPEN_TO_ALL);
    const { bavail, bsize } = await statfs(root);
    return bavail * bsize;
  } finally {
    await closeLater(mount);
  }
}

async function readPieces(path: string): Promise<DiskTemplate["pieces"]> {
  const image = await open(path, "r");
  try {
    const pieces: { position: number; bytes: Uint8Array }[] = [];
    for (const range of dataRanges(image.fd)) {
      pieces.push({ position: range.position, bytes: await readRange(image, range) });
    }
    return pieces;
  } finally {
    await image.close();
  }
}

async function readRange(image: FileHandle, range: FileRange): Promise<Uint8Array> {
  const { bytesRead, buffer } = await image.read(Buffer.alloc(range.bytes), {
    position: range.position,
  });
  if (bytesRead !== range.bytes) throw new SandboxError("an image ended early");
  return buffer;
}
