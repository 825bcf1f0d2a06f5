/**
 * Version 1 only: a frozen process takes no signal, not even SIGKILL, until it is thawed. Nobody
 * would do that for the sandboxes of a worker that was killed. So a guard thaws what is frozen then,
 * and with it lets the kernel end the sandboxes of the dead worker. Where the guard was killed too,
 * the next worker does the same.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Guard, openGuard } from "../guard.ts";
import { groupsBelow, writeValue } from "./files.ts";

const stateFile = "freezer.state";
const script = `while read -r _; do :; done; for state in "$1"/*/${stateFile}; do echo THAWED > "$state"; done`;

/** `directory`: the worker's group in the freezer's hierarchy. */
export function openThawGuard(directory: string): Guard {
  return openGuard(script, [directory]);
}

/** Thaws the sandboxes of a dead worker, where `directory` is its group in the freezer's hierarchy. */
export function thawBelow(directory: string): void {
  for (const name of groupsBelow(directory)) {
    const group = join(directory, name);
    try {
      if (existsSync(join(group, stateFile))) writeValue(group, stateFile, "THAWED");
    } catch {
      // Another user's, or gone in the meantime.
    }
  }
}
