/** The last output of processes that are gone. */
import type { Readable } from "node:stream";
import { sandboxLimits } from "./limits.ts";

/**
 * Resolves when everything was read by whoever reads the stream, and it is closed. Without a
 * reader, what is left is thrown away; a reader that stands still gets a bounded time.
 */
export async function drain(stream: Readable): Promise<void> {
  if (stream.closed) return;
  if (stream.readableFlowing === null && stream.listenerCount("readable") === 0) stream.resume();
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => stream.destroy(), sandboxLimits.drainMs);
    stream.once("close", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
