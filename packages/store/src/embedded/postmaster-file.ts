import { readFile, readlink, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { storeLimits } from "../limits.ts";

/**
 * `postmaster.pid` after a kill -9 names a process that is gone, or, worse, whose number somebody
 * else has now: PostgreSQL would refuse to start. A process counts as the server only if it is a
 * `postgres` that works in this very cluster.
 */
export async function clearStalePostmaster(clusterDirectory: string): Promise<void> {
  const file = join(clusterDirectory, "postmaster.pid");
  const deadline = Date.now() + storeLimits.postgresLeaveMs;
  for (;;) {
    const pid = await postmasterPid(file);
    if (pid === undefined) return;
    if (!(await isServerOf(clusterDirectory, pid))) {
      await rm(file, { force: true });
      return;
    }
    if (Date.now() > deadline) {
      throw new Error(
        `PostgreSQL (process ${pid}) is already running in ${clusterDirectory}: ` +
          "stop the other Paddock first, or use another data directory.",
      );
    }
    await delay(storeLimits.postgresPollMs);
  }
}

async function postmasterPid(file: string): Promise<number | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  // An unreadable first line is a file that was cut off: pid 0 is nobody's.
  return Number.parseInt(text, 10) || 0;
}

async function isServerOf(clusterDirectory: string, pid: number): Promise<boolean> {
  const program = await readlink(`/proc/${pid}/exe`).catch(() => "");
  const directory = await readlink(`/proc/${pid}/cwd`).catch(() => "");
  return /\/postgres( \(deleted\))?$/.test(program) && directory === clusterDirectory;
}
