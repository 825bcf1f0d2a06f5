/** How the terminal shows what functions run in: in red where that is nothing. */
import { styleText } from "node:util";

/** Colour only where standard output is a terminal, or is told to take it (FORCE_COLOR). */
export function red(text: string): string {
  return styleText("red", text, { stream: process.stdout });
}

export function isolationCell(isolation: string): string {
  return isolation === "process" ? red(isolation) : isolation;
}

/** With what it means, for a line of its own. */
export function isolationText(isolation: string): string {
  if (isolation !== "process") return isolation;
  return red("process: NOT ISOLATED, functions can read every file and secret of this user");
}
