import { readFileSync } from "node:fs";
import { z } from "zod";

/** A process that can be told from a later one with the same number. */
export const processIdentitySchema = z.object({
  pid: z.number().int().positive(),
  /** Clock ticks from boot to its start, field 22 of /proc/<pid>/stat; absent without /proc. */
  startTicks: z.string().optional(),
});
export type ProcessIdentity = z.output<typeof processIdentitySchema>;

interface ProcessState {
  readonly startTicks: string | undefined;
  readonly isZombie: boolean;
}

function readState(pid: number): ProcessState | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command's name stands in parentheses and may hold anything; field 3 follows it.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { startTicks: fields[19], isZombie: fields[0] === "Z" };
  } catch {
    return undefined;
  }
}

export function identify(pid: number): ProcessIdentity {
  const startTicks = readState(pid)?.startTicks;
  return startTicks === undefined ? { pid } : { pid, startTicks };
}

/** Whether that very process still runs. A zombie does not. */
export function isAlive({ pid, startTicks }: ProcessIdentity): boolean {
  if (startTicks !== undefined) {
    const state = readState(pid);
    return state !== undefined && !state.isZombie && state.startTicks === startTicks;
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
