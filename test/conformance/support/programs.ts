/** Programs that the tests use where the machine has them. */
import { execFileSync } from "node:child_process";

/** Whether `command` runs; where it does not, says what is skipped and why. */
export function isInstalled(what: string, command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, [...args], { stdio: "ignore" });
    return true;
  } catch {
    // oxlint-disable-next-line no-console -- a skipped test has to be seen.
    console.warn(`skipped: ${what}, because \`${command} ${args.join(" ")}\` fails here`);
    return false;
  }
}
