import {
  type Environment,
  settingCatalogue,
  type SettingName,
  settingNames,
  type Settings,
  settingsEnvironment,
} from "@paddock/service-kit";
import type { CommandSettings } from "../settings/command-settings.ts";
import type { ServiceEntry } from "./service-table.ts";

/** What programs need of a user's environment; everything else, AWS_* above all, stays out. */
const passedOn = ["PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR", "XDG_RUNTIME_DIR"];

export function basicEnvironment(environment: Environment): Record<string, string> {
  const entries = passedOn.map((name) => [name, environment[name]] as const);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** All of them would get the same port: see the setting's help. */
const notPassedOn: readonly SettingName[] = ["healthPort"];

export function serviceEnvironment(
  entry: Pick<ServiceEntry, "secrets">,
  settings: CommandSettings,
  base: Readonly<Record<string, string>>,
): Record<string, string> {
  const names = settingNames.filter(
    (name) =>
      !notPassedOn.includes(name) &&
      (settingCatalogue[name].presence === "default" || entry.secrets.includes(name)),
  );
  // Each value is of its own setting's type, which Object.fromEntries cannot know.
  const values = Object.fromEntries(
    names.map((name) => [name, settings.get(name)]),
  ) as Partial<Settings>;
  return { ...base, ...settingsEnvironment(values) };
}
