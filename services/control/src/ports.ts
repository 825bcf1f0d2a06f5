import type { FunctionSetting, LayerPolicy, SettingKind } from "@paddock/contracts";
import type {
  FunctionAlias,
  FunctionRow,
  FunctionVersion,
  LayerVersion,
  StoredCode,
  WholeFunction,
} from "./core/model.ts";
import type { Position } from "./core/pages.ts";
import type { ReadModelEntry } from "./core/to-records.ts";

/** Which setting: a kind has one document for each qualifier of a function. */
export interface SettingKey<Kind extends SettingKind = SettingKind> {
  readonly functionName: string;
  readonly kind: Kind;
  readonly qualifier: string;
}

/** The database: what it has taken is the truth, and survives any kill. */
export interface FunctionStore {
  /** Undefined where there is no such function. */
  readFunction(functionName: string): Promise<FunctionRow | undefined>;
  readWhole(functionName: string): Promise<WholeFunction | undefined>;
  readVersion(functionName: string, version: string): Promise<FunctionVersion | undefined>;
  /** All or nothing; false when the name is taken. */
  insert(row: FunctionRow, versions: readonly FunctionVersion[]): Promise<boolean>;
  /** Writes only over the revision that was read; false when it is no longer there. */
  replace(
    fromRevisionId: string,
    version: FunctionVersion,
    published?: readonly FunctionVersion[],
  ): Promise<boolean>;
  /** Null: none. False when there is no such function. */
  setReservedConcurrency(functionName: string, value: number | null): Promise<boolean>;
  setTags(functionName: string, tags: Record<string, string>): Promise<void>;
  /** Of all functions, or of all but one. */
  sumReservedConcurrency(exceptFunctionName?: string): Promise<number>;
  countFunctions(): Promise<number>;
  /** Of the archives of all versions, each counted as often as it is published. */
  sumCodeBytes(): Promise<number>;
  /** With all versions and aliases; false when there is none. */
  deleteFunction(functionName: string): Promise<boolean>;
  deleteVersion(functionName: string, version: string): Promise<void>;
  listVersions(page: {
    functionName: string;
    afterNumber?: number | undefined;
    limit: number;
  }): Promise<FunctionVersion[]>;
  listFunctionVersions(page: {
    latestOnly: boolean;
    after?: Position | undefined;
    limit: number;
  }): Promise<FunctionVersion[]>;
  readAlias(functionName: string, name: string): Promise<FunctionAlias | undefined>;
  /** By name; of one version, or all. */
  listAliases(page: {
    functionName: string;
    version?: string | undefined;
    afterName?: string | undefined;
    limit: number;
  }): Promise<FunctionAlias[]>;
  /** False when the name is taken. */
  insertAlias(alias: FunctionAlias): Promise<boolean>;
  /** Writes only over the revision that was read; false when it is no longer there. */
  replaceAlias(fromRevisionId: string, alias: FunctionAlias): Promise<boolean>;
  deleteAlias(functionName: string, name: string): Promise<void>;
  readSetting<Kind extends SettingKind>(
    key: SettingKey<Kind>,
  ): Promise<FunctionSetting<Kind> | undefined>;
  /** By qualifier. */
  listSettings<Kind extends SettingKind>(page: {
    functionName: string;
    kind: Kind;
    afterQualifier?: string | undefined;
    limit: number;
  }): Promise<FunctionSetting<Kind>[]>;
  /** In place of what was set. */
  writeSetting(setting: FunctionSetting): Promise<void>;
  /** False where nothing was set. */
  deleteSetting(key: SettingKey): Promise<boolean>;
  /** Everything at once, for a start. */
  readAll(): Promise<WholeFunction[]>;
  listUnsettled(): Promise<string[]>;
}

/** Layers and their versions; a number that was given is never given again. */
export interface LayerStore {
  /** Under the layer's next number; the first makes the layer. */
  insert(version: Omit<LayerVersion, "versionNumber">): Promise<LayerVersion>;
  read(key: LayerKey): Promise<LayerVersion | undefined>;
  /** The newest first. */
  listVersions(
    page: LayerFilter & { layerName: string; belowNumber?: number | undefined; limit: number },
  ): Promise<LayerVersion[]>;
  /** The newest matching version of each layer, by name. */
  listLatest(
    page: LayerFilter & { afterName?: string | undefined; limit: number },
  ): Promise<LayerVersion[]>;
  delete(key: LayerKey): Promise<void>;
  setPolicy(key: LayerKey, policy: LayerPolicy): Promise<void>;
  /** Undefined where there is no such layer. */
  readTags(layerName: string): Promise<Record<string, string> | undefined>;
  setTags(layerName: string, tags: Record<string, string>): Promise<void>;
}

export interface LayerKey {
  readonly layerName: string;
  readonly versionNumber: number;
}

/** A version that says nothing of what is asked for does not match. */
export interface LayerFilter {
  readonly runtime?: string | undefined;
  readonly architecture?: string | undefined;
}

/** What the data plane sees of functions: the KV bucket. Control is its only writer. */
export interface ReadModel {
  /**
   * Makes the bucket say exactly this of a function; undefined: nothing. Writes only differences.
   * Resolves with the revision from which on it says so.
   */
  publish(functionName: string, entry: ReadModelEntry | undefined): Promise<number>;
  /** Whether it is known to say exactly this, so that publishing would write nothing. */
  holds(functionName: string, entry: ReadModelEntry | undefined): boolean;
  /** Reads the bucket anew; returns the names of which it holds anything. */
  reload(): Promise<string[]>;
}

/** Who keeps a copy of the read model in memory and works by it. */
export interface Followers {
  /**
   * Resolves when all that are there have what the read model says since a revision. False: some do
   * not get there in a bounded time.
   */
  reached(revision: number): Promise<boolean>;
}

/** Zips by their SHA-256. */
export interface CodeArchives {
  /** Checks the zip, then stores it. It is safe from collection for an hour, or while in use. */
  store(zip: Uint8Array): Promise<StoredCode>;
  /** Checks the zip only. */
  inspect(zip: Uint8Array): Promise<StoredCode>;
  /** One that is stored is safe from collection for an hour more. */
  claim(code: StoredCode): Promise<void>;
  /** What a stored one takes when it is unpacked. */
  unzippedBytes(sha256: string): Promise<number>;
  /** Undefined where there is none. */
  read(sha256: string): Promise<Uint8Array | undefined>;
  /** Removes what no version refers to and nobody claimed lately; returns how many. */
  collectUnused(): Promise<number>;
}

/** Workers as their status messages tell. */
export interface Workers {
  /** Undefined until a worker has reported. */
  runtimes(): ReadonlySet<string> | undefined;
}

/** Mirrors the database to the read model. Neither call throws: what fails is tried again. */
export interface Mirror {
  /** Resolves when the read model has it, or when the first attempt has failed. */
  publish(functionName: string): Promise<void>;
  /**
   * In the background: publishes, then, once the whole data plane works by it, marks Pending and
   * InProgress versions as settled.
   */
  settle(functionName: string): void;
}
