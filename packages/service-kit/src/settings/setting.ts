import type { z } from "zod";

/** What a default may depend on: facts of the machine, and the two settings that make up the URL. */
export interface DefaultContext {
  readonly host: string;
  readonly port: number;
  readonly machineMemoryMb: number;
}

/** Headings of docs/config.md, in their order. */
export const settingGroups = [
  "paths",
  "network",
  "account",
  "functions",
  "secrets",
  "process",
] as const;
export type SettingGroup = (typeof settingGroups)[number];

interface SettingCommon<Schema extends z.ZodType> {
  /** Takes text (flag, environment variable) as well as JSON values (paddock.config.json). */
  readonly schema: Schema;
  readonly group: SettingGroup;
  /** One or two sentences: unit, meaning, what it costs to be wrong. */
  readonly help: string;
  /** Placeholder of the value in help texts, such as `port` in `--port <port>`. */
  readonly valueName: string;
  /** Name that flag and environment variable are derived from, where it is shorter than the key. */
  readonly outsideName?: string;
  /** Never printed, logged or written to docs. */
  readonly secret?: true;
}

/** A setting that always has a value. */
export interface SettingWithDefault<Schema extends z.ZodType> extends SettingCommon<Schema> {
  readonly presence: "default";
  readonly fallback: (context: DefaultContext) => z.input<Schema>;
  /** How docs name a default that depends on the machine. */
  readonly fallbackText?: string;
}

/** A setting that `paddock up` finds out or creates and hands to every service it starts. */
export interface SuppliedSetting<Schema extends z.ZodType> extends SettingCommon<Schema> {
  readonly presence: "supplied";
  /** What happens where nobody sets it. */
  readonly suppliedText: string;
}

export type Setting<Schema extends z.ZodType = z.ZodType> =
  | SettingWithDefault<Schema>
  | SuppliedSetting<Schema>;

/** `dataDir` → `PADDOCK_DATA_DIR`. */
export function environmentVariableName(outsideName: string): string {
  return `PADDOCK_${outsideName.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** `dataDir` → `--data-dir`. */
export function flagName(outsideName: string): string {
  return `--${outsideName.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
