/** Programs of the host, looked up in PATH and where the system keeps its own. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { SandboxError } from "../errors.ts";

const usualPath = "/usr/local/bin:/usr/bin:/bin";
/** Programs of the system's administrator, which an ordinary PATH leaves out. */
const systemDirectories = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

export function findProgram(name: string): string | undefined {
  // oxlint-disable-next-line node/no-process-env -- the system's own variable, not a setting of ours
  const directories = (process.env["PATH"] ?? usualPath).split(delimiter);
  return [...directories, ...systemDirectories]
    .map((directory) => join(directory, name))
    .find(isExecutable);
}

/** Throws SandboxError that names the package. */
export function requireProgram(name: string, packageName: string): string {
  const path = findProgram(name);
  if (path !== undefined) return path;
  throw new SandboxError(
    `the program \`${name}\` is missing: install the package ${packageName} (apt, dnf, pacman, apk)`,
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
