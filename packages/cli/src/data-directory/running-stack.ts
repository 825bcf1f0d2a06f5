import { rmSync } from "node:fs";
import { z } from "zod";
import { describedSettingSchema } from "../settings/described-setting.ts";
import { UserError } from "../user-error.ts";
import { dataPaths } from "./data-directory.ts";
import { readJson, writeJson } from "./files.ts";
import { isAlive, processIdentitySchema } from "./process-identity.ts";

/** `<data-directory>/running.json`, mode 0600: what clients on this machine have to know. */
export const runningStackSchema = z.object({
  supervisor: processIdentitySchema,
  startedAtMs: z.number(),
  publicUrl: z.string(),
  natsUrl: z.string(),
  region: z.string(),
  accountId: z.string(),
  rootAccessKeyId: z.string(),
  rootSecretAccessKey: z.string(),
  adminToken: z.string(),
  /** What `paddock config` shows while the stack runs. */
  inForce: z.array(describedSettingSchema),
});
export type RunningStack = z.output<typeof runningStackSchema>;

export function publishRunningStack(directory: string, stack: RunningStack): void {
  writeJson(dataPaths.running(directory), stack);
}

export function forgetRunningStack(directory: string): void {
  rmSync(dataPaths.running(directory), { force: true });
}

/** The stack that runs with this data directory, if one does. */
export function readRunningStack(directory: string): RunningStack | undefined {
  const stack = readJson(dataPaths.running(directory), runningStackSchema);
  return stack !== undefined && isAlive(stack.supervisor) ? stack : undefined;
}

/** Throws UserError when no stack runs with this data directory. */
export function findRunningStack(directory: string): RunningStack {
  const stack = readRunningStack(directory);
  if (stack === undefined) {
    throw new UserError(
      `Paddock is not running with the data directory ${directory}: start it with \`npm start\`, or name another directory with --data-dir.`,
    );
  }
  return stack;
}
