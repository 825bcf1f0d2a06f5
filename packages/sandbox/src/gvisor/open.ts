import { type ConfinedProviderOptions, openConfined } from "../confined/open.ts";
import type { SandboxProvider } from "../port.ts";
import { findGvisor, tryGvisor } from "./check.ts";
import { GvisorEngine } from "./engine.ts";

export interface GvisorProviderOptions extends ConfinedProviderOptions {
  /** Otherwise `runsc` of PATH. */
  readonly runscPath?: string;
}

/**
 * Rejects with SandboxError, whose message says what is missing and what to do about it; then
 * nothing is left behind.
 */
export async function createGvisorProvider(
  options: GvisorProviderOptions,
): Promise<SandboxProvider> {
  const provider = await openConfined(
    options,
    async () => new GvisorEngine(await findGvisor(options.runscPath)),
  );
  try {
    await tryGvisor(provider);
    return provider;
  } catch (error) {
    await provider.close();
    throw error;
  }
}
