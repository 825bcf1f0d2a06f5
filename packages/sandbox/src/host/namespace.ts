/**
 * The worker's own mount namespace: everything it mounts exists there only, so that the kernel
 * takes it all back when the process ends, `kill -9` included.
 *
 * util-linux's `unshare` does it, because a process with threads cannot give all of them a new
 * namespace. It replaces the process in place: process id, standard streams and the IPC channel to
 * the parent stay, provided that the channel's descriptor is not closed by the exec.
 */
import { SandboxError } from "../errors.ts";
import { keepOnExec } from "../kernel/descriptors.ts";
import { requireProgram } from "./programs.ts";

/** Set in the environment of a process that has its own mount namespace. */
const MARK = "PADDOCK_MOUNT_NAMESPACE";

/**
 * Call this first in the worker's `main.ts`, before anything is opened, read or started. It returns
 * at once where there is nothing to do (already inside, or not Linux); otherwise it does not
 * return, and the same program starts again inside.
 */
export function enterHostNamespace(): void {
  if (process.platform !== "linux" || inHostNamespace()) {
    return;
  }
  const [program, ...rest] = hostNamespaceCommand([
    process.execPath,
    ...process.execArgv,
    ...process.argv.slice(1),
  ]);
  if (program === undefined || process.execve === undefined) {
    throw new SandboxError("this Node cannot replace its own process: Node 24 is needed");
  }
  process.execve(program, [program, ...rest], {
    ...definedEnvironment(),
    ...keepChannel(),
    [MARK]: String(process.pid),
  });
}

/** True in a process that `enterHostNamespace` started again. */
export function inHostNamespace(): boolean {
  return process.env[MARK] === String(process.pid);
}

function hostNamespaceCommand(command: readonly string[]): string[] {
  // An ordinary user needs a user namespace to be allowed a mount namespace.
  const user = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  return [
    requireProgram("unshare", "util-linux"),
    ...user,
    "--mount",
    "--propagation",
    "slave",
    "--",
    ...command,
  ];
}

/** Node takes the channel's number out of its environment at start; the next Node needs it again. */
function keepChannel(): Record<string, string> {
  // Node's types leave the descriptor out of the channel; it is there on POSIX systems.
  const channel = process.channel as { readonly fd?: number } | null | undefined;
  const fd = channel?.fd;
  if (fd === undefined || fd < 0) {
    return {};
  }
  keepOnExec(fd);
  return { NODE_CHANNEL_FD: String(fd), NODE_CHANNEL_SERIALIZATION_MODE: "json" };
}

function definedEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
