import { loadSettings, type Settings } from "@paddock/service-kit";

const names = ["region", "accountId", "natsUrl", "natsPassword"] as const;

export type StreamsConfig = Settings<(typeof names)[number]>;

/** Throws SettingsError where a setting is missing or cannot be used. */
export function loadStreamsConfig(): StreamsConfig {
  return loadSettings(names);
}
