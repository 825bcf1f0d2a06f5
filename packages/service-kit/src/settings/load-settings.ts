import { environmentVariableOf, type SettingName, type Settings } from "./catalogue.ts";
import { machineMemoryMb } from "./machine.ts";
import { type Environment, processEnvironment } from "./process-environment.ts";
import { resolveSettings } from "./resolve.ts";
import { settingText } from "./setting-text.ts";
import { SettingsError } from "./settings-error.ts";

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null) {
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return Object.freeze(value);
}

/**
 * A service's settings: the asked ones, from `PADDOCK_*` variables or their defaults, frozen.
 * Throws SettingsError where a value cannot be used, or where one that `paddock up` supplies
 * (such as databaseUrl) is not set.
 */
export function loadSettings<const Name extends SettingName>(
  names: readonly Name[],
  environment: Environment = processEnvironment(),
): Settings<Name> {
  const resolved = resolveSettings(names, { environment }, machineMemoryMb());
  const missing = names.filter((name) => resolved.get(name)?.value === undefined);
  if (missing.length > 0) {
    throw new SettingsError(
      missing.map(
        (name) =>
          `${environmentVariableOf(name)} is not set. \`paddock up\` sets it for the services it starts; a service that is started by hand needs it.`,
      ),
    );
  }
  const values = Object.fromEntries(names.map((name) => [name, resolved.get(name)?.value]));
  // Each value went through its own schema above, which is where Settings takes its types from.
  return deepFreeze(values as Settings<Name>);
}

/** The variables that give a child process these settings. Undefined ones are left out. */
export function settingsEnvironment(values: {
  readonly [Name in SettingName]?: Settings[Name] | undefined;
}): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    // `as`: Object.entries widens the keys that the parameter's type names.
    variables[environmentVariableOf(name as SettingName)] = settingText(value);
  }
  return variables;
}
