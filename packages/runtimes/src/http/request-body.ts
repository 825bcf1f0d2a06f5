import type { IncomingMessage } from "node:http";
import { ByteAccumulator } from "../byte-accumulator.ts";

export type RequestBody =
  | { readonly kind: "complete"; readonly bytes: Buffer }
  /** It was over the bound. All of it was read, and dropped, so that the client gets its answer. */
  | { readonly kind: "too-large" }
  /** The connection closed before the end. */
  | { readonly kind: "truncated" };

/** Reads a request's body. `onTooLarge` is called as soon as the bound is passed. */
export function readRequestBody(
  request: IncomingMessage,
  maxBytes: number,
  onTooLarge: () => void,
): Promise<RequestBody> {
  const accumulator = new ByteAccumulator(maxBytes);
  let tooLarge = false;
  return new Promise((resolve) => {
    request
      .on("data", (chunk: Buffer) => {
        if (tooLarge || accumulator.append(chunk)) return;
        tooLarge = true;
        accumulator.take();
        onTooLarge();
      })
      .on("end", () => {
        resolve(tooLarge ? { kind: "too-large" } : { kind: "complete", bytes: accumulator.take() });
      })
      // After `end` this is harmless. A broken connection is followed by `close` too.
      .on("error", () => request.destroy())
      .on("close", () => resolve({ kind: tooLarge ? "too-large" : "truncated" }));
  });
}
