import { type ConfinedProviderOptions, openConfined } from "../confined/open.ts";
import { SandboxError } from "../errors.ts";
import { requireProgram } from "../host/programs.ts";
import type { SandboxProvider } from "../port.ts";
import { inspectBubblewrap } from "./check.ts";
import { BubblewrapEngine } from "./engine.ts";

export interface BubblewrapProviderOptions extends ConfinedProviderOptions {
  /** Otherwise `bwrap` of PATH. */
  readonly bubblewrapPath?: string;
}

/**
 * Rejects with SandboxError, whose message says what is missing and what to do about it; then
 * nothing is left behind.
 */
export async function createBubblewrapProvider(
  options: BubblewrapProviderOptions,
): Promise<SandboxProvider> {
  return openConfined(options, (identity) => findEngine(options.bubblewrapPath, identity));
}

async function findEngine(
  bubblewrapPath: string | undefined,
  identity: number | undefined,
): Promise<BubblewrapEngine> {
  const inspected = await inspectBubblewrap({
    ...(bubblewrapPath === undefined ? {} : { bubblewrapPath }),
    ...(identity === undefined ? {} : { identity }),
  });
  if (!("path" in inspected)) {
    const lines = inspected.map(({ what, remedy }) => `${what} (${remedy})`);
    throw new SandboxError(`bubblewrap isolation is not possible here: ${lines.join("; ")}`);
  }
  const { path, abilities } = inspected;
  return new BubblewrapEngine({
    programs: {
      bubblewrap: path,
      prlimit: requireProgram("prlimit", "util-linux"),
      setpriv: requireProgram("setpriv", "util-linux"),
    },
    abilities,
  });
}
