/** The `paddock` command against the stack that the tests share. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { paddock } from "./clients.ts";

const run = promisify(execFile);
const program = fileURLToPath(new URL("../../../packages/cli/bin/paddock.mjs", import.meta.url));

/** What it prints; rejects where the command fails. */
export async function runPaddock(...args: readonly string[]): Promise<string> {
  const all = [program, ...args, "--data-dir", paddock.dataDirectory];
  const { stdout } = await run(process.execPath, all, { env: { PATH: process.env["PATH"] } });
  return stdout;
}
