/** Something wrong at one byte of a payload. */
export interface ByteProblem {
  /** Offset in bytes. */
  readonly at: number;
  readonly text: string;
}

/**
 * Bytes of the character that starts at `at`, or what is wrong with it in Jackson's words. Overlong
 * forms, surrogates and what lies beyond U+10FFFF count as wrong. Source: RFC 3629, section 4.
 */
export function characterBytes(bytes: Uint8Array, at: number): number | ByteProblem {
  const start = bytes[at] ?? 0;
  const length = lengthFrom(start);
  if (length === undefined) return { at, text: `Invalid UTF-8 start byte ${hex(start)}` };
  for (let index = 1; index < length; index += 1) {
    const middle = bytes[at + index] ?? 0;
    const [least, most] = index === 1 ? secondByteRange(start) : [0x80, 0xbf];
    if (middle < least || middle > most) {
      return { at: at + index, text: `Invalid UTF-8 middle byte ${hex(middle)}` };
    }
  }
  return length;
}

function lengthFrom(start: number): number | undefined {
  if (start < 0x80) return 1;
  if (start >= 0xc2 && start < 0xe0) return 2;
  if (start >= 0xe0 && start < 0xf0) return 3;
  return start >= 0xf0 && start < 0xf5 ? 4 : undefined;
}

function secondByteRange(start: number): readonly [least: number, most: number] {
  switch (start) {
    case 0xe0:
      return [0xa0, 0xbf];
    case 0xed:
      return [0x80, 0x9f];
    case 0xf0:
      return [0x90, 0xbf];
    case 0xf4:
      return [0x80, 0x8f];
    default:
      return [0x80, 0xbf];
  }
}

function hex(byte: number): string {
  return `0x${byte.toString(16)}`;
}
