export { serviceKitLimits } from "./limits.ts";
export {
  environmentVariableOf,
  flagOf,
  isSettingName,
  settingCatalogue,
  type SettingName,
  settingNames,
  type Settings,
  type SettingValue,
} from "./settings/catalogue.ts";
export type { FunctionNetworks } from "./settings/function-networks.ts";
export { renderSettingsDocument } from "./settings/documentation.ts";
export { checkSettings } from "./settings/checks.ts";
export { loadSettings, settingsEnvironment } from "./settings/load-settings.ts";
export { machineMemoryMb } from "./settings/machine.ts";
export { type Environment, processEnvironment } from "./settings/process-environment.ts";
export {
  type ResolvedSetting,
  type ResolvedSettings,
  resolveSettings,
  type SettingOrigin,
  type SettingSources,
} from "./settings/resolve.ts";
export { settingText } from "./settings/setting-text.ts";
export { SettingsError } from "./settings/settings-error.ts";
export { createLogger, type Logger } from "./logging.ts";
export { withDeadline } from "./lifecycle/deadline.ts";
export { type ServiceMessage, serviceMessageSchema } from "./lifecycle/messages.ts";
export {
  type RunningService,
  runService,
  type ServiceContext,
  type ServiceDefinition,
} from "./lifecycle/run-service.ts";
