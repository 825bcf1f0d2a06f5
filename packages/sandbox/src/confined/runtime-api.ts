/**
 * The Runtime API's endpoint inside a sandbox, without a process there: a socket of its network.
 *
 * As root the worker's own thread enters the sandbox's network, makes the socket and comes back, in
 * 0.4 ms. In a user namespace it may enter but not come back, for the host's network is not its
 * own: then a thread that need not come back does it (visiting-thread.ts); descriptors belong to all
 * threads of a process.
 */
import { closeSync } from "node:fs";
import { Server } from "node:net";
import { Worker } from "node:worker_threads";
import { messageOf, SandboxError } from "../errors.ts";
import { enterNetworkNamespace, openNetworkNamespace } from "../kernel/network.ts";
import { sandboxLimits } from "../limits.ts";
import { furnish, type Visit, type Visited } from "./visiting-thread.ts";

export interface RuntimeApiEndpoints {
  /** A server whose connections come from inside the sandbox of `pid`, and from nowhere else. */
  listen(pid: number): Promise<Server>;
  /** The address alone, for what else Lambda has there. */
  addAddress(pid: number): Promise<void>;
  close(): Promise<void>;
}

/** Chooses by trying whether this thread could come back. */
export function openRuntimeApiEndpoints(): RuntimeApiEndpoints {
  const own = openNetworkNamespace("thread-self");
  try {
    enterNetworkNamespace(own);
  } catch {
    closeSync(own);
    return withThread();
  }
  return {
    listen: async (pid) => serve(visit(own, { pid, withListener: true })),
    addAddress: async (pid) => void visit(own, { pid, withListener: false }),
    close: async () => closeSync(own),
  };
}

function visit(own: number, to: Visit): number | undefined {
  try {
    return furnish(to);
  } finally {
    comeBack(own);
  }
}

/** A worker that stayed in a function's network would talk to the function: better none at all. */
function comeBack(own: number): void {
  try {
    enterNetworkNamespace(own);
  } catch (error) {
    process.stderr.write(`${String(error)}\n`);
    process.abort();
  }
}

function serve(descriptor: number | undefined): Server {
  const server = new Server();
  server.maxConnections = sandboxLimits.listenerConnections;
  server.listen({ fd: descriptor });
  return server;
}

function withThread(): RuntimeApiEndpoints {
  // Its descriptors are closed by other threads, which Node would otherwise warn about.
  const options = { trackUnmanagedFds: false };
  const thread = new Worker(new URL("visiting-thread.ts", import.meta.url), options);
  const waiting = new Map<number, (visited: Visited) => void>();
  thread.unref();
  thread.on("message", (visited: Visited) => waiting.get(visited.pid)?.(visited));
  thread.on("error", (error) => {
    for (const [pid, finish] of waiting) finish({ pid, error: messageOf(error) });
  });
  const send = async (to: Visit): Promise<number | undefined> => {
    const visited = await new Promise<Visited>((resolve) => {
      waiting.set(to.pid, resolve);
      thread.postMessage(to);
    });
    waiting.delete(to.pid);
    if (visited.error !== undefined) throw new SandboxError(visited.error);
    return visited.descriptor;
  };
  return {
    listen: async (pid) => serve(await send({ pid, withListener: true })),
    addAddress: async (pid) => void (await send({ pid, withListener: false })),
    close: async () => void (await thread.terminate()),
  };
}
