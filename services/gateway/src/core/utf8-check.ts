/** Something wrong at one byte of a payload. */
export interface ByteProblem {
  /** Offset in bytes. */
  readonly at: number;
  readonly text: string;
}

/**
 * Where bytes that are no UTF-8 first go wrong, in Jackson's words. Only called for such bytes;
 * overlong forms and surrogates, which it would take for good, are reported at the end.
 */
export function firstInvalidUtf8(bytes: Uint8Array): ByteProblem {
  let at = 0;
  while (at < bytes.length) {
    const start = bytes[at] ?? 0;
    const following = followingBytes(start);
    if (following === undefined) return { at, text: `Invalid UTF-8 start byte ${hex(start)}` };
    for (let index = 1; index <= following; index += 1) {
      const middle = bytes[at + index] ?? 0;
      if ((middle & 0xc0) !== 0x80) {
        return { at: at + index, text: `Invalid UTF-8 middle byte ${hex(middle)}` };
      }
    }
    at += following + 1;
  }
  return { at, text: "Invalid UTF-8: overlong form or surrogate" };
}

function followingBytes(start: number): number | undefined {
  if (start < 0x80) return 0;
  if (start >= 0xc2 && start < 0xe0) return 1;
  if (start >= 0xe0 && start < 0xf0) return 2;
  return start >= 0xf0 && start < 0xf5 ? 3 : undefined;
}

function hex(byte: number): string {
  return `0x${byte.toString(16)}`;
}
