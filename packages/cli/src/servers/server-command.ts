import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Debian keeps servers in sbin, which an ordinary user's PATH leaves out. */
const systemDirectories = ["/usr/local/sbin", "/usr/sbin", "/usr/local/bin", "/opt/homebrew/bin"];

export function findProgram(name: string, path: string | undefined): string | undefined {
  const directories = [...(path ?? "/usr/bin:/bin").split(delimiter), ...systemDirectories];
  return directories
    .filter((directory) => directory !== "")
    .map((directory) => join(directory, name))
    .find((candidate) => {
      try {
        accessSync(candidate, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/**
 * The command that runs a server which ends when the supervisor does, kill -9 included. Without
 * `setpriv` (not Linux) the next start ends what was left.
 */
export function tiedToParent(command: readonly string[], setpriv: string | undefined): string[] {
  return setpriv === undefined ? [...command] : [setpriv, "--pdeathsig", "TERM", "--", ...command];
}
