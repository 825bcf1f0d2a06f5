/** Switches of the kernel's network (sysctl), of the network namespace that the thread is in. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf, SandboxError } from "../../errors.ts";

const DIRECTORY = "/proc/sys/net";

/** Undefined where the kernel or the namespace has no such switch. */
export function readSwitch(name: string): string | undefined {
  try {
    return readFileSync(join(DIRECTORY, name), "utf8").trim();
  } catch {
    return undefined;
  }
}

export function setSwitch(name: string, value: string): void {
  if (readSwitch(name) === value) return;
  try {
    writeFileSync(join(DIRECTORY, name), value);
  } catch (error) {
    throw new SandboxError(
      `net/${name} cannot be set to ${value}: ${messageOf(error)} (in a container add --security-opt systempaths=unconfined)`,
    );
  }
}

/** A kernel without IPv6 has nothing to switch off. */
export function setSwitchIfThere(name: string, value: string): void {
  if (readSwitch(name) !== undefined) setSwitch(name, value);
}
