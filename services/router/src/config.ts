import { loadSettings, type Settings } from "@paddock/service-kit";

const names = [
  "natsUrl",
  "natsPassword",
  "redisUrl",
  "accountConcurrency",
  "keepAlivePolicy",
] as const;

export type RouterConfig = Settings<(typeof names)[number]>;

/** Throws SettingsError where a setting is missing or cannot be used. */
export function loadRouterConfig(): RouterConfig {
  return loadSettings(names);
}
