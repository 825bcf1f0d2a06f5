import { AdminClient } from "../admin/client.ts";
import { findAdminEndpoint } from "../admin/endpoint.ts";
import { type CommandFlags, readCommandSettings } from "../settings/command-settings.ts";

export type Write = (text: string) => void;

/** What every command gets: the flags that every command takes, and where to print. */
export interface CommandContext {
  readonly commandFlags: CommandFlags;
  /** To stdout, as it is. */
  readonly write: Write;
}

export function openAdminClient(context: CommandContext): AdminClient {
  return new AdminClient(findAdminEndpoint(readCommandSettings(context.commandFlags)));
}

export function writeLine(context: CommandContext, line: string): void {
  context.write(`${line}\n`);
}

export function writeJson(context: CommandContext, document: unknown): void {
  writeLine(context, JSON.stringify(document, undefined, 2));
}
