import { loadSettings, type Settings } from "@paddock/service-kit";

const names = ["region", "accountId", "natsUrl", "natsPassword"] as const;

export type SchedulerConfig = Settings<(typeof names)[number]>;

/** Throws SettingsError where a setting is missing or cannot be used. */
export function loadSchedulerConfig(): SchedulerConfig {
  return loadSettings(names);
}
