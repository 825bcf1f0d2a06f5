import { promisify } from "node:util";
import { crc32, inflateRaw, inflateRawSync } from "node:zlib";
import { notUnzippable } from "./errors.ts";
import { archiveLimits } from "./limits.ts";

/** An entry's bytes as they lie in the archive, and what the archive says of them. */
export interface StoredContent {
  readonly name: string;
  readonly bytes: Buffer;
  readonly deflated: boolean;
  /** Declared size. */
  readonly size: number;
  readonly crc32: number;
}

const inflate = promisify<Uint8Array, { maxOutputLength: number }, Buffer>(inflateRaw);

/**
 * The real bytes of an entry. Inflating stops at the declared size, so that an archive which lies
 * about its sizes costs no more than it said; sizes and checksum must be what was declared.
 */
export async function readContent(content: StoredContent): Promise<Buffer> {
  const bytes = content.deflated ? await inflated(content) : content.bytes;
  if (bytes.length !== content.size) {
    throw notUnzippable(`${content.name} has ${bytes.length} bytes and declares ${content.size}`);
  }
  if (crc32(bytes) !== content.crc32) throw notUnzippable(`${content.name} has a wrong checksum`);
  return bytes;
}

async function inflated(content: StoredContent): Promise<Buffer> {
  // zlib wants at least 1; an empty file inflates to nothing all the same.
  const options = { maxOutputLength: Math.max(1, content.size) };
  try {
    return content.size <= archiveLimits.inflateInlineBytes
      ? inflateRawSync(content.bytes, options)
      : await inflate(content.bytes, options);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw notUnzippable(`${content.name} cannot be inflated to ${content.size} bytes: ${why}`);
  }
}
