/**
 * Finds the `bootstrap` of a provided.* function in its unpacked code, on the host and before a
 * sandbox is made (spec §3.3). Links are followed as the sandbox would see them: /var/task and
 * /opt stand for the two code folders, and nothing else of the host is looked at.
 */
import { type Stats, lstatSync, readlinkSync } from "node:fs";
import path from "node:path";
import { runtimeLimits } from "./limits.ts";

export interface CodeFolders {
  /** Unpacked function code on the host, /var/task inside. */
  readonly task: string;
  /** Merged layers on the host, /opt inside. */
  readonly opt?: string;
}

const candidates = ["/var/task/bootstrap", "/opt/bootstrap"] as const;
const anybodyExecutes = 0o111;

/**
 * The command of a provided.* function, or undefined when there is no executable `bootstrap`:
 * then the answer is `invalidEntrypointPayload`.
 */
export function findBootstrap(code: CodeFolders): string | undefined {
  return candidates.find((candidate) => isExecutable(candidate, code));
}

/** Error document of AWS for a missing `bootstrap` (spec §2.4); errorType Runtime.InvalidEntrypoint. */
export function invalidEntrypointPayload(requestId: string): Uint8Array {
  const document = {
    errorType: "Runtime.InvalidEntrypoint",
    errorMessage: `RequestId: ${requestId} Error: Couldn't find valid bootstrap(s): [${candidates.join(" ")}]`,
  };
  return Buffer.from(JSON.stringify(document));
}

function isExecutable(insidePath: string, code: CodeFolders): boolean {
  let current = insidePath;
  for (let hop = 0; hop < runtimeLimits.bootstrapLinkHops; hop += 1) {
    const hostPath = toHostPath(current, code);
    if (hostPath === undefined) return false;
    const stats = statsOf(hostPath);
    if (stats === undefined) return false;
    if (!stats.isSymbolicLink()) return stats.isFile() && (stats.mode & anybodyExecutes) !== 0;
    current = path.posix.resolve(path.posix.dirname(current), readlinkSync(hostPath));
  }
  return false;
}

/** Only the last part may be a link; a linked folder on the way is left to the sandbox: not found. */
function toHostPath(insidePath: string, code: CodeFolders): string | undefined {
  const folders = [
    ["/var/task/", code.task],
    ["/opt/", code.opt],
  ] as const;
  for (const [prefix, folder] of folders) {
    if (folder === undefined || !insidePath.startsWith(prefix)) continue;
    return throughRealFolders(folder, insidePath.slice(prefix.length).split("/"));
  }
  return undefined;
}

function throughRealFolders(root: string, parts: readonly string[]): string | undefined {
  let current = root;
  for (const [index, part] of parts.entries()) {
    current = path.join(current, part);
    const isLast = index === parts.length - 1;
    if (!isLast && statsOf(current)?.isDirectory() !== true) return undefined;
  }
  return current;
}

function statsOf(file: string): Stats | undefined {
  try {
    return lstatSync(file, { throwIfNoEntry: false });
  } catch {
    // Not a folder on the way, or a name that is too long: there is no such file.
    return undefined;
  }
}
