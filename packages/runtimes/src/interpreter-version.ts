import { execFile } from "node:child_process";
import { runtimeLimits } from "./limits.ts";

/** What the program prints to stdout, or undefined when it cannot be run or fails. */
export function askInterpreter(
  program: string,
  programArguments: readonly string[],
): Promise<string | undefined> {
  const options = {
    timeout: runtimeLimits.versionProbeMs,
    maxBuffer: runtimeLimits.versionProbeBytes,
    env: {},
  };
  return new Promise((resolve) => {
    execFile(program, [...programArguments], options, (error, stdout) => {
      resolve(error === null ? stdout.trim() : undefined);
    });
  });
}
