/**
 * Lines of what a function writes to stdout and stderr itself, as Lambda makes log events of them
 * (spec §4.1): split at `\n` only, a `\r` stays inside, an unterminated rest comes with `flush`.
 */
import type { Readable } from "node:stream";
import { ByteAccumulator } from "./byte-accumulator.ts";
import { runtimeLimits } from "./limits.ts";
import type { FunctionLogLine } from "./port.ts";

export interface OutputLines {
  /** Gives out the unterminated rest: at the end of an invocation and when the process is gone. */
  flush(): void;
}

const lineFeed = 0x0a;

export function readOutputLines(
  stream: Readable,
  onLine: (line: FunctionLogLine) => void,
  options: { readonly maxLineBytes?: number } = {},
): OutputLines {
  const splitter = new LineSplitter(options.maxLineBytes ?? runtimeLimits.logTextBytes, onLine);
  stream
    .on("data", (chunk: Buffer) => splitter.push(chunk))
    .on("end", () => splitter.flush())
    // A pipe whose other end is killed may fail instead of ending; what was read stays valid.
    .on("error", () => splitter.flush());
  return splitter;
}

class LineSplitter implements OutputLines {
  readonly #maxLineBytes: number;
  readonly #onLine: (line: FunctionLogLine) => void;
  readonly #rest: ByteAccumulator;

  constructor(maxLineBytes: number, onLine: (line: FunctionLogLine) => void) {
    this.#maxLineBytes = maxLineBytes;
    this.#onLine = onLine;
    this.#rest = new ByteAccumulator(maxLineBytes);
  }

  push(chunk: Buffer): void {
    const timestampMs = Date.now();
    let start = 0;
    let end = chunk.indexOf(lineFeed);
    while (end !== -1) {
      this.#endLine(chunk.subarray(start, end), timestampMs);
      start = end + 1;
      end = chunk.indexOf(lineFeed, start);
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start), timestampMs);
  }

  flush(): void {
    if (this.#rest.byteCount > 0) this.#give(this.#rest.take(), Date.now());
  }

  #endLine(piece: Buffer, timestampMs: number): void {
    if (this.#rest.byteCount === 0 && piece.length <= this.#maxLineBytes) {
      this.#give(piece, timestampMs);
      return;
    }
    this.#keep(piece, timestampMs);
    this.#give(this.#rest.take(), timestampMs);
  }

  /** Adds to the rest; gives out full pieces of a line that is longer than the bound. */
  #keep(piece: Buffer, timestampMs: number): void {
    let remaining = piece;
    while (!this.#rest.append(remaining)) {
      const room = this.#maxLineBytes - this.#rest.byteCount;
      this.#rest.append(remaining.subarray(0, room));
      remaining = remaining.subarray(room);
      const full = this.#rest.take();
      const cut = characterBoundary(full);
      this.#give(full.subarray(0, cut), timestampMs);
      this.#rest.append(full.subarray(cut));
    }
  }

  #give(bytes: Buffer, timestampMs: number): void {
    this.#onLine({ timestampMs, text: bytes.toString("utf8") });
  }
}

/** Where to cut so that no UTF-8 character is torn; the whole length when the bytes are no UTF-8. */
function characterBoundary(bytes: Buffer): number {
  const longestCharacterBytes = 4;
  for (let back = 1; back <= longestCharacterBytes && back < bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) {
      const characterBytes = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return characterBytes > back ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}
