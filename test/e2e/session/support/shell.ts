/** A terminal beside a running Paddock: `paddock` on the PATH, nothing else set up for it. */
import { execFile, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { sessionLimits } from "./limits.ts";

const run = promisify(execFile);
const binaries = fileURLToPath(new URL("../../../../node_modules/.bin", import.meta.url));

export interface Terminal {
  /** Runs a script that stops at the first command that fails; what it printed. */
  type(script: string): Promise<string>;
  /** Starts a command that goes on until `stop`. */
  start(script: string): RunningCommand;
}

export interface RunningCommand {
  /** What it printed until now. */
  readonly output: string;
  stop(): void;
}

export function openTerminal(directory: string, dataDirectory: string): Terminal {
  const options = { cwd: directory, env: environment(dataDirectory) };
  return {
    async type(script) {
      const bounds = { timeout: sessionLimits.scriptMs };
      const { stdout } = await run("bash", ["-euc", script], { ...options, ...bounds });
      return stdout;
    },
    start(script) {
      const child = spawn("bash", ["-euc", `exec ${script}`], {
        ...options,
        stdio: ["ignore", "pipe", "inherit"],
      });
      let output = "";
      child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
      return {
        get output() {
          return output;
        },
        stop: () => void child.kill(),
      };
    },
  };
}

/** HOME for version managers, whose `aws` and `python3` are scripts that look there. */
function environment(dataDirectory: string): NodeJS.ProcessEnv {
  return {
    HOME: process.env["HOME"],
    PATH: [binaries, dirname(process.execPath), process.env["PATH"]].join(delimiter),
    PADDOCK_DATA_DIR: dataDirectory,
    AWS_PAGER: "",
  };
}

/** Where a program is, or undefined: such tests say what they need and are skipped without it. */
export function findProgram(...names: readonly string[]): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
