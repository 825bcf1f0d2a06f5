import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { cliLimits } from "../limits.ts";
import { dataPaths } from "./data-directory.ts";
import { readJson, writeJson } from "./files.ts";
import {
  identify,
  isAlive,
  type ProcessIdentity,
  processIdentitySchema,
} from "./process-identity.ts";

/**
 * `<data-directory>/processes.json`: the processes that the supervisor started. They end by
 * themselves when it is killed; the next start waits for them, and ends those that do not.
 */
const processesSchema = z.record(z.string(), processIdentitySchema);

export class ProcessRegister {
  readonly #path: string;
  readonly #processes = new Map<string, ProcessIdentity>();

  constructor(directory: string) {
    this.#path = dataPaths.processes(directory);
  }

  add(name: string, pid: number): void {
    this.#processes.set(name, identify(pid));
    this.#save();
  }

  remove(name: string): void {
    if (this.#processes.delete(name)) this.#save();
  }

  #save(): void {
    writeJson(this.#path, Object.fromEntries(this.#processes));
  }
}

function signal(identity: ProcessIdentity, name: NodeJS.Signals): void {
  try {
    process.kill(identity.pid, name);
  } catch {
    // It ended in between.
  }
}

async function waitUntilGone(processes: readonly ProcessIdentity[]): Promise<ProcessIdentity[]> {
  const deadline = Date.now() + cliLimits.leftOversMs;
  let alive = processes.filter(isAlive);
  while (alive.length > 0 && Date.now() < deadline) {
    await delay(cliLimits.pollMs);
    alive = alive.filter(isAlive);
  }
  return alive;
}

/** Ends what a killed supervisor left behind. Returns the names, for the terminal. */
export async function endLeftOvers(directory: string): Promise<readonly string[]> {
  const known = readJson(dataPaths.processes(directory), processesSchema) ?? {};
  // Without start ticks the number could be anybody's by now.
  const leftOvers = Object.entries(known).filter(
    ([, identity]) => identity.startTicks !== undefined && isAlive(identity),
  );
  const identities = leftOvers.map(([, identity]) => identity);
  for (const identity of identities) signal(identity, "SIGTERM");
  const stubborn = await waitUntilGone(identities);
  for (const identity of stubborn) signal(identity, "SIGKILL");
  await waitUntilGone(stubborn);
  return leftOvers.map(([name]) => name);
}
