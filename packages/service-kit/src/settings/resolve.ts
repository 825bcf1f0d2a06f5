import type { z } from "zod";
import { environmentVariableOf, flagOf, settingCatalogue, type SettingName } from "./catalogue.ts";
import { DEFAULT_HOST, DEFAULT_PORT } from "./groups/network.ts";
import type { Environment } from "./process-environment.ts";
import type { DefaultContext } from "./setting.ts";
import { SettingsError } from "./settings-error.ts";

/**
 * Precedence: flag, environment variable, file, what `paddock up` supplies, default. Pure: the
 * callers read the environment and the file.
 */

export type SettingOrigin = "flag" | "environment" | "file" | "supplied" | "default";

export interface SettingSources {
  /** By setting name, as given on the command line. */
  readonly flags?: Readonly<Partial<Record<SettingName, string>>>;
  /** By environment variable. */
  readonly environment?: Environment;
  /** By setting name: the parsed paddock.config.json. */
  readonly file?: Readonly<Record<string, unknown>>;
  /** By setting name: created secrets, addresses of servers that were started. */
  readonly supplied?: Readonly<Partial<Record<SettingName, unknown>>>;
}

export interface ResolvedSetting {
  readonly name: SettingName;
  /** Undefined where nobody supplied it (yet). */
  readonly value: unknown;
  /** Undefined together with `value`. */
  readonly origin?: SettingOrigin;
}

export type ResolvedSettings = ReadonlyMap<SettingName, ResolvedSetting>;

interface Candidate {
  readonly origin: SettingOrigin;
  readonly raw: unknown;
  /** How a message names the place that has to be changed. */
  readonly place: string;
}

function findCandidate(name: SettingName, sources: SettingSources): Candidate | undefined {
  const variable = environmentVariableOf(name);
  const candidates: readonly Candidate[] = [
    { origin: "flag", raw: sources.flags?.[name], place: flagOf(name) },
    { origin: "environment", raw: sources.environment?.[variable], place: variable },
    { origin: "file", raw: sources.file?.[name], place: `${name} in paddock.config.json` },
    { origin: "supplied", raw: sources.supplied?.[name], place: name },
  ];
  // An empty variable counts as unset: that is how shells and compose files "unset" one.
  return candidates.find(
    ({ origin, raw }) => raw !== undefined && !(origin === "environment" && raw === ""),
  );
}

function describeProblem(
  name: SettingName,
  candidate: Candidate,
  issues: readonly z.core.$ZodIssue[],
): string {
  const reason = issues[0]?.message ?? "is not valid";
  const shown = settingCatalogue[name].secret ? "" : `, not ${JSON.stringify(candidate.raw)}`;
  return `${candidate.place} ${reason}${shown}.`;
}

/** Parses what was set; throws SettingsError that lists every value which cannot be used. */
function parseGiven(names: Iterable<SettingName>, sources: SettingSources) {
  const problems: string[] = [];
  const given = new Map<SettingName, ResolvedSetting>();
  for (const name of names) {
    const candidate = findCandidate(name, sources);
    if (candidate === undefined) continue;
    const parsed = settingCatalogue[name].schema.safeParse(candidate.raw);
    if (parsed.success) given.set(name, { name, value: parsed.data, origin: candidate.origin });
    else problems.push(describeProblem(name, candidate, parsed.error.issues));
  }
  if (problems.length > 0) throw new SettingsError(problems);
  return given;
}

/** Throws SettingsError that lists every value which cannot be used. */
export function resolveSettings(
  names: readonly SettingName[],
  sources: SettingSources,
  machineMemoryMb: number,
): ResolvedSettings {
  // host and port are read even if nobody asked: other settings' defaults are made from them.
  const given = parseGiven(new Set<SettingName>([...names, "host", "port"]), sources);
  const host = given.get("host")?.value;
  const port = given.get("port")?.value;
  const context: DefaultContext = {
    host: typeof host === "string" ? host : DEFAULT_HOST,
    port: typeof port === "number" ? port : DEFAULT_PORT,
    machineMemoryMb,
  };
  const resolveOne = (name: SettingName): ResolvedSetting => {
    const set = given.get(name);
    if (set !== undefined) return set;
    const setting = settingCatalogue[name];
    if (setting.presence === "supplied") return { name, value: undefined };
    return { name, value: setting.schema.parse(setting.fallback(context)), origin: "default" };
  };
  return new Map(names.map((name) => [name, resolveOne(name)]));
}
