import {
  checkSettings,
  machineMemoryMb,
  processEnvironment,
  type ResolvedSettings,
  resolveSettings,
  type SettingName,
  settingNames,
  type Settings,
  type SettingSources,
} from "@paddock/service-kit";
import { readConfigFile } from "./config-file.ts";

export interface CommandFlags {
  readonly flags: Readonly<Partial<Record<SettingName, string>>>;
  /** Value of --config. */
  readonly configFile?: string;
}

/** Every setting of a command, with its origin. Throws SettingsError or UserError. */
export class CommandSettings {
  readonly #sources: SettingSources;
  readonly resolved: ResolvedSettings;

  constructor(sources: SettingSources) {
    this.#sources = sources;
    this.resolved = resolveSettings(settingNames, sources, machineMemoryMb());
  }

  /** The value, or undefined where nobody has supplied it. */
  get<Name extends SettingName>(name: Name): Settings[Name] | undefined {
    // The value went through the schema that Settings takes its type from.
    return this.resolved.get(name)?.value as Settings[Name] | undefined;
  }

  /** The value of a setting that has a default, or was supplied before. */
  require<Name extends SettingName>(name: Name): Settings[Name] {
    const value = this.get(name);
    if (value === undefined) throw new Error(`the setting ${name} was not supplied`);
    return value;
  }

  /** The same with values for those that nobody set. */
  with(supplied: Readonly<Partial<Record<SettingName, unknown>>>): CommandSettings {
    const all = { ...this.#sources.supplied, ...supplied };
    return new CommandSettings({ ...this.#sources, supplied: all });
  }
}

export function readCommandSettings({ flags, configFile }: CommandFlags): CommandSettings {
  const environment = processEnvironment();
  const file = readConfigFile(configFile ?? environment["PADDOCK_CONFIG"]);
  const settings = new CommandSettings({ flags, environment, file });
  checkSettings(settings.resolved);
  return settings;
}
