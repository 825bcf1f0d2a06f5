import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, isAbsolute, resolve } from "node:path";
import { isSettingName, settingNames } from "@paddock/service-kit";
import { cliLimits } from "../limits.ts";
import { UserError } from "../user-error.ts";

export const DEFAULT_CONFIG_FILE = "paddock.config.json";

export type ConfigFile = Readonly<Record<string, unknown>>;

function similarName(name: string): string {
  const wanted = name.toLowerCase();
  const found = settingNames.find((known) => {
    const text = known.toLowerCase();
    return text.startsWith(wanted) || wanted.startsWith(text) || text.includes(wanted);
  });
  return found === undefined ? "" : ` Did you mean ${found}?`;
}

function parse(path: string): ConfigFile {
  if (statSync(path).size > cliLimits.configFileBytes) throw new UserError(`${path} is too large.`);
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`${path} is not valid JSON: ${reason}`);
  }
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    throw new UserError(`${path} must hold one JSON object whose keys are settings.`);
  }
  return { ...document };
}

/**
 * The settings of the file that was named, or of paddock.config.json in the current directory if
 * there is one. A relative dataDirectory is taken from the file's own directory.
 */
export function readConfigFile(named: string | undefined): ConfigFile {
  const path = resolve(named ?? DEFAULT_CONFIG_FILE);
  if (!existsSync(path)) {
    if (named === undefined) return {};
    throw new UserError(`The settings file ${path} does not exist.`);
  }
  const file = parse(path);
  for (const key of Object.keys(file)) {
    if (isSettingName(key) || key === "$schema") continue;
    throw new UserError(
      `${path}: ${key} is no setting.${similarName(key)} docs/config.md lists them.`,
    );
  }
  const { dataDirectory } = file;
  if (typeof dataDirectory !== "string" || isAbsolute(dataDirectory)) return file;
  return { ...file, dataDirectory: resolve(dirname(path), dataDirectory) };
}
