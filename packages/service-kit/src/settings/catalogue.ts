import type { z } from "zod";
import { accountSettings, secretSettings } from "./groups/account.ts";
import { functionSettings } from "./groups/functions.ts";
import { networkSettings } from "./groups/network.ts";
import { processSettings } from "./groups/process.ts";
import { sandboxNetworkSettings } from "./groups/sandbox-network.ts";
import { environmentVariableName, flagName, type Setting } from "./setting.ts";

/**
 * The one list of settings. A setting's name is its key in paddock.config.json; its flag and its
 * environment variable are derived from the name. docs/config.md is generated from here.
 */
const entries = {
  ...processSettings,
  ...networkSettings,
  ...accountSettings,
  ...functionSettings,
  ...sandboxNetworkSettings,
  ...secretSettings,
} as const;

export type SettingName = keyof typeof entries;

export type SettingValue<Name extends SettingName> = z.output<(typeof entries)[Name]["schema"]>;

/** What `loadSettings(names)` gives: exactly the settings that were asked for. */
export type Settings<Name extends SettingName = SettingName> = {
  readonly [Key in Name]: SettingValue<Key>;
};

export const settingCatalogue: Readonly<Record<SettingName, Setting>> = entries;

/** In the catalogue's order. `as`: Object.keys forgets the keys' type. */
export const settingNames = Object.keys(entries) as readonly SettingName[];

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(entries, name);
}

/** `PADDOCK_PORT` for `port`. */
export function environmentVariableOf(name: SettingName): string {
  return environmentVariableName(settingCatalogue[name].outsideName ?? name);
}

/** `--port` for `port`. */
export function flagOf(name: SettingName): string {
  return flagName(settingCatalogue[name].outsideName ?? name);
}
