import { isSettingName, settingText } from "@paddock/service-kit";
import { readRunningStack } from "../data-directory/running-stack.ts";
import { renderTable } from "../output/table.ts";
import { readCommandSettings } from "../settings/command-settings.ts";
import { type DescribedSetting, describeSettings } from "../settings/described-setting.ts";
import { type CommandContext, writeJson, writeLine } from "./command.ts";

function showValue({ value }: DescribedSetting): string {
  return value === null ? "–" : settingText(value);
}

/**
 * `paddock config`: every setting in force and where it came from. While a stack runs these are
 * its settings; with flags, or without a stack, those that `paddock up` would start with.
 */
export function printConfig(context: CommandContext, options: { json?: boolean }): void {
  const settings = readCommandSettings(context.commandFlags);
  const flags = Object.keys(context.commandFlags.flags).filter(isSettingName);
  const asksForRunning = flags.every((name) => name === "dataDirectory");
  const stack = asksForRunning ? readRunningStack(settings.require("dataDirectory")) : undefined;
  const described = stack?.inForce ?? describeSettings(settings);
  if (options.json === true) {
    writeJson(context, Object.fromEntries(described.map(({ name, ...rest }) => [name, rest])));
    return;
  }
  const about = stack === undefined ? "for the next start" : `of process ${stack.supervisor.pid}`;
  const rows = described.map((setting) => [setting.name, showValue(setting), setting.origin]);
  writeLine(context, renderTable(["setting", `value ${about}`, "from"], rows));
}
