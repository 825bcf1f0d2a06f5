import type { IncomingMessage } from "node:http";
import type { BodyBudget } from "./body-budget.ts";

/** The body is larger than allowed; reading stopped there. */
export class BodyTooLargeError extends Error {
  override readonly name = "BodyTooLargeError";
  /** What the client announced, or what had come when reading stopped. */
  readonly bytes: number;

  constructor(bytes: number) {
    super(`a body of ${bytes} bytes or more`);
    this.bytes = bytes;
  }
}

/** All bodies together would take more memory than allowed. */
export class NoRoomForBodyError extends Error {
  override readonly name = "NoRoomForBodyError";
}

/** The client went away before its request was complete: nobody waits for an answer. */
export class ClientGoneError extends Error {
  override readonly name = "ClientGoneError";
}

const noBytes = Buffer.alloc(0);

/**
 * Reads a body of at most `limitBytes`, which it takes from the budget: the caller gives
 * `body.length` back. Nothing is held when it rejects.
 */
export function readBody(
  request: IncomingMessage,
  limitBytes: number,
  budget: BodyBudget,
): Promise<Buffer> {
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > limitBytes) return Promise.reject(new BodyTooLargeError(announced));
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] | Buffer = noBytes;
    let bytes = 0;
    const fail = (error: Error): void => {
      request.removeListener("data", onData);
      budget.give(bytes);
      bytes = 0;
      reject(error);
    };
    const onData = (chunk: Buffer): void => {
      if (bytes + chunk.length > limitBytes) {
        fail(new BodyTooLargeError(bytes + chunk.length));
      } else if (!budget.take(chunk.length)) {
        fail(new NoRoomForBodyError());
      } else {
        // Nearly every event comes in one chunk, which is then the body: no copy.
        if (bytes === 0) chunks = chunk;
        else if (Array.isArray(chunks)) chunks.push(chunk);
        else chunks = [chunks, chunk];
        bytes += chunk.length;
      }
    };
    request.on("data", onData);
    request.once("end", () =>
      resolve(Array.isArray(chunks) ? Buffer.concat(chunks, bytes) : chunks),
    );
    request.once("close", () => {
      if (!request.complete) fail(new ClientGoneError());
    });
    request.once("error", () => undefined);
  });
}

/**
 * Reads and drops what is left of a request, up to a bound in bytes and time, then calls `done`
 * once. A client that is still sending would otherwise see its connection reset, and not the answer.
 */
export function discardRest(
  request: IncomingMessage,
  bounds: { readonly bytes: number; readonly ms: number },
  done: () => void,
): void {
  let left = bounds.bytes;
  const finish = (): void => {
    clearTimeout(timer);
    request.removeListener("data", onData);
    request.removeListener("end", finish);
    request.removeListener("close", finish);
    done();
  };
  const onData = (chunk: Buffer): void => {
    left -= chunk.length;
    if (left < 0) finish();
  };
  const timer = setTimeout(finish, bounds.ms);
  request.on("data", onData);
  request.once("end", finish);
  request.once("close", finish);
  request.resume();
  if (request.complete || request.destroyed) finish();
}
