/** Goes into the network of one sandbox after the other; as a thread of its own, never comes back. */
import { closeSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import { messageOf } from "../errors.ts";
import {
  addLoopbackAddress,
  enterNetworkNamespace,
  listenOn,
  openNetworkNamespace,
} from "../kernel/network.ts";

/** Where functions on Lambda find the Runtime API. */
const address = "169.254.100.1";
const port = 9001;

export interface Visit {
  readonly pid: number;
  readonly withListener: boolean;
}

export interface Visited {
  readonly pid: number;
  readonly descriptor?: number | undefined;
  readonly error?: string;
}

/** Leaves the calling thread in the network of `pid`; returns the listening socket's descriptor. */
export function furnish({ pid, withListener }: Visit): number | undefined {
  const namespace = openNetworkNamespace(pid);
  try {
    enterNetworkNamespace(namespace);
  } finally {
    closeSync(namespace);
  }
  addLoopbackAddress(address);
  return withListener ? listenOn(address, port) : undefined;
}

parentPort?.on("message", (to: Visit) => {
  try {
    parentPort?.postMessage({ pid: to.pid, descriptor: furnish(to) } satisfies Visited);
  } catch (error) {
    parentPort?.postMessage({ pid: to.pid, error: messageOf(error) } satisfies Visited);
  }
});
