import { loadSettings, type Settings } from "@paddock/service-kit";

const names = [
  "controlPort",
  "publicUrl",
  "functionUrlDomain",
  "region",
  "accountId",
  "accountConcurrency",
  "codeStorageMb",
  "natsUrl",
  "natsPassword",
  "databaseUrl",
  "rootAccessKeyId",
  "rootSecretAccessKey",
  "adminToken",
  "keepAlivePolicy",
  "idleEnvironmentTimeoutSeconds",
] as const;

export type ControlConfig = Settings<(typeof names)[number]>;

/** Throws SettingsError where a setting is missing or cannot be used. */
export function loadControlConfig(): ControlConfig {
  return loadSettings(names);
}
