/**
 * How what is spawned gets into another network namespace. As root the worker's own thread steps
 * into it, spawns and steps back, in 4 µs. In a user namespace it may go in but not come back,
 * for the host's network is not its own: there nsenter goes first.
 */
import { closeSync } from "node:fs";
import { requireProgram } from "../host/programs.ts";
import { enterNetworkNamespace, openNetworkNamespace } from "../kernel/network.ts";

export interface Joining {
  spawnIn<T>(namespace: number, spawn: (prefix: readonly string[]) => T): T;
  close(): void;
}

/** Finds out by trying whether this thread could come back. */
export function openJoining(): Joining {
  const own = openNetworkNamespace();
  try {
    enterNetworkNamespace(own);
  } catch {
    closeSync(own);
    return joiningByProgram();
  }
  return {
    spawnIn: (namespace, spawn) => {
      enterNetworkNamespace(namespace);
      try {
        return spawn([]);
      } finally {
        comeBack(own);
      }
    },
    close: () => closeSync(own),
  };
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

function joiningByProgram(): Joining {
  const nsenter = requireProgram("nsenter", "util-linux");
  return {
    spawnIn: (namespace, spawn) => spawn([nsenter, `--net=${pathOf(namespace)}`, "--"]),
    close: () => undefined,
  };
}

export function pathOf(descriptor: number): string {
  return `/proc/${String(process.pid)}/fd/${String(descriptor)}`;
}
