import { logLineSchema } from "@paddock/contracts/admin";
import { printable, timeOf } from "../output/text.ts";
import { type CommandContext, openAdminClient, writeLine } from "./command.ts";

export interface LogsOptions {
  readonly since?: string;
  readonly follow?: boolean;
  readonly json?: boolean;
}

/** `paddock logs <function>`: ends with the answer, which has no end with --follow. */
export async function printLogs(
  context: CommandContext,
  functionName: string,
  options: LogsOptions,
): Promise<void> {
  const query = {
    function: functionName,
    since: options.since,
    follow: options.follow === true ? "true" : undefined,
  };
  const lines = openAdminClient(context).readLines({ path: "logs", query }, logLineSchema);
  for await (const line of lines) {
    if (options.json === true) writeLine(context, JSON.stringify(line));
    else writeLine(context, `${timeOf(line.timestampMs)}  ${printable(line.message.trimEnd())}`);
  }
}
