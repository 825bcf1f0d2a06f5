import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";

export interface Machine {
  readonly cores: number;
  readonly memoryGb: number;
  readonly kernel: string;
  readonly node: string;
}

export function thisMachine(): Machine {
  return {
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    kernel: release(),
    node: process.version,
  };
}

/** `test/bench/results/<date>[-<name>].json`; returns the path. */
export function writeResult(document: { readonly date: string }, name?: string): string {
  const directory = join(import.meta.dirname, "../results");
  mkdirSync(directory, { recursive: true });
  const stamp = document.date.slice(0, 19).replaceAll(":", "-");
  const path = join(directory, `${name === undefined ? stamp : `${stamp}-${name}`}.json`);
  writeFileSync(path, `${JSON.stringify(document, null, 2)}\n`);
  return path;
}
