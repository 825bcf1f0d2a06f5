/** A process that has ended and that nobody has fetched: what a killed parent leaves for a while. */
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { eventually } from "../eventually.ts";

export interface Zombie {
  readonly pid: number;
  /** Ends its parent, so that the system fetches it. */
  release(): void;
}

export async function startZombie(): Promise<Zombie> {
  // The shell becomes a program that never waits for the child that it inherits.
  const parent = spawn("sh", ["-c", "sleep 0.05 & echo $!; exec sleep 600"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const pid = await new Promise<number>((resolve, reject) => {
    parent.once("error", reject);
    parent.stdout.once("data", (line: Buffer) => resolve(Number(line.toString())));
  });
  await eventually(async () => {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    if (!stat.includes(") Z ")) throw new Error(`process ${pid} has not ended yet`);
  });
  return { pid, release: () => parent.kill("SIGKILL") };
}
