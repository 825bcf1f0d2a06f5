/**
 * Counts of what a stack holds on the machine, for tests of leaks. Each takes a text or a process
 * id, because other stacks may run on the same machine. Source: /proc.
 */
import { readdir, readFile } from "node:fs/promises";

/** Process ids below `rootPid`, itself not counted. */
export async function descendantsOf(rootPid: number): Promise<number[]> {
  const parents = await parentByPid();
  const found = new Set<number>([rootPid]);
  for (let grew = true; grew;) {
    grew = false;
    for (const [pid, parent] of parents) {
      if (!found.has(parent) || found.has(pid)) continue;
      found.add(pid);
      grew = true;
    }
  }
  found.delete(rootPid);
  return [...found];
}

/** Process ids whose command line contains the text, such as a data directory. */
export async function processesMentioning(text: string): Promise<number[]> {
  const found: number[] = [];
  for (const pid of await processIds()) {
    if (pid === process.pid) continue;
    const commandLine = await readOrEmpty(`/proc/${pid}/cmdline`);
    if (commandLine.includes(text)) found.push(pid);
  }
  return found;
}

/** Mount points of this process's mount namespace whose line in mountinfo contains the text. */
export async function mountsMentioning(text: string): Promise<string[]> {
  const lines = (await readFile("/proc/self/mountinfo", "utf8")).split("\n");
  return lines.filter((line) => line.includes(text));
}

async function processIds(): Promise<number[]> {
  return (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
}

/** The parent of every process of the machine. */
export async function parentByPid(): Promise<Map<number, number>> {
  const parents = new Map<number, number>();
  for (const pid of await processIds()) {
    const stat = await readOrEmpty(`/proc/${pid}/stat`);
    // The name is in parentheses and may hold anything; the parent is the second field after it.
    const parent = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1];
    if (parent !== undefined) parents.set(pid, Number(parent));
  }
  return parents;
}

/** A process may end between the listing and the reading. */
async function readOrEmpty(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}
