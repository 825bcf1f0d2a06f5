import { limits } from "@paddock/contracts";

/**
 * The last 4 KB of one invocation's log, for `LogType: Tail` (lambda-spec.md §2.6). Keeps at most
 * twice that while lines come in.
 */
export class LogTail {
  #text = "";

  append(message: string): void {
    this.#text += message;
    if (this.#text.length > 2 * limits.logTailBytes) {
      this.#text = this.#text.slice(-limits.logTailBytes);
    }
  }

  toBase64(): string {
    const bytes = Buffer.from(this.#text, "utf8");
    return bytes.subarray(Math.max(0, bytes.length - limits.logTailBytes)).toString("base64");
  }
}
