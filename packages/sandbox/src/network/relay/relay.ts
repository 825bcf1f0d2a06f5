/** The worker's side of the relay thread. */
import { Worker } from "node:worker_threads";
import type { StreamTarget } from "../port.ts";

/** Descriptors are sockets at the service address, which the thread closes with itself. */
export interface RelayInput {
  readonly lookupDatagrams: number;
  readonly lookupStreams: number;
  /** Empty: those of the machine. */
  readonly nameServers: readonly string[];
  readonly lambdaApi?: { readonly descriptor: number; readonly target: StreamTarget };
}

export interface Relay {
  close(): Promise<void>;
}

/** Should the thread ever end by itself, the error is the worker's: without it names do not resolve. */
export function startRelay(input: RelayInput): Relay {
  const url = new URL("thread-main.ts", import.meta.url);
  const thread = new Worker(url, { workerData: input, trackUnmanagedFds: false });
  thread.unref();
  return {
    close: async () => {
      thread.ref();
      await thread.terminate();
    },
  };
}
