import { writeSync } from "node:fs";
import { SettingsError } from "@paddock/service-kit";
import { CommanderError } from "commander";
import { createProgram } from "./program.ts";
import { UserError } from "./user-error.ts";

/** Composition root of the `paddock` command: one clear message on stderr, non-zero on failure. */
const result = { exitCode: 0 };

// A reader that went away (`| head`) ends a listing, and must not end a running stack.
process.stdout.on("error", () => undefined);

try {
  const program = createProgram((text) => process.stdout.write(text), result);
  await program.parseAsync(process.argv);
} catch (error) {
  result.exitCode = 1;
  if (error instanceof UserError || error instanceof SettingsError) {
    writeSync(2, `paddock: ${error.message}\n`);
  } else if (error instanceof CommanderError) result.exitCode = error.exitCode;
  else throw error;
}
process.exitCode = result.exitCode;
if (process.connected) process.disconnect();
