import { describe } from "vitest";
import { findProgram } from "../host/programs.ts";

/** Why tests of gVisor are left out here, if they are. */
export const missing = findProgram("runsc") === undefined ? "runsc is not installed" : undefined;

/** `describe`, left out with the reason in its name where there is no gVisor. */
export function describeOnGvisor(title: string, tests: () => void): void {
  describe.skipIf(missing !== undefined)(`${title}${missing ? ` (${missing})` : ""}`, () => {
    tests();
  });
}
