/** How programs that stay are started. */
import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";
import { closeAllOnExec } from "./descriptors.ts";

/** As `spawn`; the child has the descriptors that `stdio` gives it, and certainly no other. */
export function spawnClosed(
  program: string,
  parameters: readonly string[],
  options: SpawnOptions,
): ChildProcess {
  closeAllOnExec();
  return spawn(program, parameters, options);
}
