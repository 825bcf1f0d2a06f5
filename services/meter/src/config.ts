import { loadSettings, type Settings } from "@paddock/service-kit";

const names = ["natsUrl", "natsPassword", "databaseUrl"] as const;

export type MeterConfig = Settings<(typeof names)[number]>;

/** Throws SettingsError where a setting is missing or cannot be used. */
export function loadMeterConfig(): MeterConfig {
  return loadSettings(names);
}
