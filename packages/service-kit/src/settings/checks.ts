import { flagOf, type SettingName } from "./catalogue.ts";
import type { ResolvedSettings } from "./resolve.ts";
import { SettingsError } from "./settings-error.ts";

/** Rules over more than one setting. Each message says what would go wrong. */

interface PortUse {
  readonly port: SettingName;
  /** The port is not used where this URL points to a server of the user's own. */
  readonly unlessSet?: SettingName;
}

const portUses: readonly PortUse[] = [
  { port: "port" },
  { port: "controlPort" },
  { port: "redisPort", unlessSet: "redisUrl" },
  { port: "postgresPort", unlessSet: "databaseUrl" },
  { port: "natsPort", unlessSet: "natsUrl" },
];

function findPortClashes(settings: ResolvedSettings): string[] {
  const takenBy = new Map<unknown, SettingName>();
  const problems: string[] = [];
  for (const { port, unlessSet } of portUses) {
    const origin = unlessSet === undefined ? undefined : settings.get(unlessSet)?.origin;
    if (origin !== undefined && origin !== "supplied") continue;
    const value = settings.get(port)?.value;
    const other = takenBy.get(value);
    if (other === undefined) takenBy.set(value, port);
    else {
      problems.push(
        `${flagOf(port)} and ${flagOf(other)} are both ${String(value)}: only one server can listen there, the other would not start.`,
      );
    }
  }
  return problems;
}

/** Throws SettingsError. `settings` must hold the whole catalogue. */
export function checkSettings(settings: ResolvedSettings): void {
  const problems = findPortClashes(settings);
  if (problems.length > 0) throw new SettingsError(problems);
}
