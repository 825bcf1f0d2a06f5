import { loadSettings, type Settings } from "@paddock/service-kit";

const names = [
  "host",
  "port",
  "controlPort",
  "region",
  "accountId",
  "natsUrl",
  "natsPassword",
] as const;

export type GatewayConfig = Settings<(typeof names)[number]>;

/** Throws SettingsError where a setting is missing or cannot be used. */
export function loadGatewayConfig(): GatewayConfig {
  return loadSettings(names);
}
