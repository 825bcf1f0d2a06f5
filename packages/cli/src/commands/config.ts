import { settingCatalogue, settingNames } from "@paddock/service-kit";
import { renderTable } from "../output/table.ts";
import { readCommandSettings } from "../settings/command-settings.ts";
import { type CommandContext, writeJson, writeLine } from "./command.ts";

/** `paddock config`: every setting in force and where it came from; secrets are never printed. */
export function printConfig(context: CommandContext, options: { json?: boolean }): void {
  const settings = readCommandSettings(context.commandFlags);
  const rows = settingNames.map((name) => {
    const { secret, presence } = settingCatalogue[name];
    const resolved = settings.resolved.get(name);
    const isSet = resolved?.value !== undefined;
    return {
      name,
      value: isSet ? (secret === true ? "(secret)" : resolved.value) : null,
      origin: resolved?.origin ?? (presence === "supplied" ? "paddock up" : "default"),
    };
  });
  if (options.json === true) {
    writeJson(context, Object.fromEntries(rows.map(({ name, ...rest }) => [name, rest])));
    return;
  }
  const cells = rows.map(({ name, value, origin }) => [
    name,
    value === null ? "–" : Array.isArray(value) ? value.join(",") : String(value),
    origin,
  ]);
  writeLine(context, renderTable(["setting", "value", "from"], cells));
}
