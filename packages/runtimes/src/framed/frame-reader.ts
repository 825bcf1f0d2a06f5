import { frameHeaderBytes } from "./frames.ts";

/** Gives each whole frame's type and body; returns what is wrong with it, if anything is. */
export type FrameHandler = (type: number, body: Buffer) => string | undefined;

/**
 * Cuts a byte stream into frames. A frame that lies whole in a chunk is handed over without a copy;
 * one that does not is collected in a buffer of its announced and bounded size.
 */
export class FrameReader {
  readonly #maxBodyBytes: ReadonlyMap<number, number>;
  readonly #onFrame: FrameHandler;
  #partial: Buffer | undefined;
  #filledBytes = 0;
  #violation: string | undefined;

  constructor(maxBodyBytes: ReadonlyMap<number, number>, onFrame: FrameHandler) {
    this.#maxBodyBytes = maxBodyBytes;
    this.#onFrame = onFrame;
  }

  /** What broke the protocol, or undefined. After a violation, nothing more is read. */
  push(chunk: Buffer): string | undefined {
    let offset = 0;
    while (offset < chunk.length && this.#violation === undefined) {
      offset =
        this.#partial === undefined
          ? this.#readWhole(chunk, offset)
          : this.#continuePartial(this.#partial, chunk, offset);
    }
    return this.#violation;
  }

  #readWhole(chunk: Buffer, offset: number): number {
    const available = chunk.length - offset;
    if (available < frameHeaderBytes) return this.#beginPartial(frameHeaderBytes, offset);
    const frameBytes = this.#frameBytes(chunk, offset);
    if (frameBytes > available) return this.#beginPartial(frameBytes, offset);
    this.#emit(chunk, offset, frameBytes);
    return offset + frameBytes;
  }

  #beginPartial(byteCount: number, offset: number): number {
    // Own memory: pages of a large announced frame cost nothing before its bytes arrive.
    this.#partial = Buffer.allocUnsafeSlow(byteCount);
    this.#filledBytes = 0;
    return offset;
  }

  #continuePartial(partial: Buffer, chunk: Buffer, offset: number): number {
    const copied = chunk.copy(partial, this.#filledBytes, offset);
    this.#filledBytes += copied;
    if (this.#filledBytes === partial.length) this.#completePartial(partial);
    return offset + copied;
  }

  /** A buffer of header size may hold a whole frame without body, or only the start of one. */
  #completePartial(partial: Buffer): void {
    const frameBytes = this.#frameBytes(partial, 0);
    if (this.#violation !== undefined) return;
    if (frameBytes > partial.length) {
      this.#partial = Buffer.allocUnsafeSlow(frameBytes);
      partial.copy(this.#partial);
      return;
    }
    this.#partial = undefined;
    this.#emit(partial, 0, frameBytes);
  }

  /** Size with header; 0 after it found a violation. */
  #frameBytes(buffer: Buffer, offset: number): number {
    const bodyBytes = buffer.readUInt32BE(offset);
    const type = buffer[offset + 4] ?? 0;
    const maxBodyBytes = this.#maxBodyBytes.get(type);
    if (maxBodyBytes === undefined) {
      this.#violation = `unknown frame type ${type}`;
      return 0;
    }
    if (bodyBytes > maxBodyBytes) {
      this.#violation = `frame type ${type} of ${bodyBytes} bytes, at most ${maxBodyBytes}`;
      return 0;
    }
    return frameHeaderBytes + bodyBytes;
  }

  #emit(buffer: Buffer, offset: number, frameBytes: number): void {
    if (this.#violation !== undefined) return;
    const body = buffer.subarray(offset + frameHeaderBytes, offset + frameBytes);
    this.#violation = this.#onFrame(buffer[offset + 4] ?? 0, body);
  }
}
