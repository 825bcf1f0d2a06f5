import type { FunctionConfiguration, FunctionSetting, LayerPolicy } from "@paddock/contracts";

/** A function as control keeps it, apart from its versions. */
export interface FunctionRow {
  readonly functionName: string;
  /** Differs between a function and one made later under the same name. */
  readonly functionId: string;
  readonly createdAtMs: number;
  /** Highest number ever published. */
  readonly lastVersion: number;
  readonly reservedConcurrency: number | null;
  readonly tags: Record<string, string>;
}

/** `$LATEST` or a published version. */
export interface FunctionVersion {
  readonly functionName: string;
  readonly version: string;
  /** 0 for `$LATEST`. */
  readonly versionNumber: number;
  /** New with every change of code or configuration. */
  readonly configId: string;
  /** New with every write, state transitions included. */
  readonly revisionId: string;
  readonly state: "Pending" | "Active" | "Inactive" | "Failed";
  readonly stateReason: string | null;
  readonly stateReasonCode: string | null;
  readonly lastUpdateStatus: "InProgress" | "Successful" | "Failed" | null;
  readonly lastUpdateStatusReason: string | null;
  readonly lastUpdateStatusReasonCode: string | null;
  /** Lower-case hex. */
  readonly codeSha256: string;
  readonly codeSizeBytes: number;
  readonly lastModifiedMs: number;
  readonly configuration: FunctionConfiguration;
}

/** A name that leads to one version, or splits traffic between two. */
export interface FunctionAlias {
  readonly functionName: string;
  readonly name: string;
  readonly version: string;
  /** At most one further version with its share of the traffic, 0 to 1. */
  readonly additionalVersionWeights: Record<string, number>;
  readonly description: string;
  readonly revisionId: string;
}

export interface WholeFunction {
  readonly row: FunctionRow;
  /** `$LATEST` first, then by number. */
  readonly versions: readonly FunctionVersion[];
  readonly aliases: readonly FunctionAlias[];
  readonly settings: readonly FunctionSetting[];
}

export const LATEST = "$LATEST";

/** An archive that is in the object store. */
export interface StoredCode {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly unzippedBytes: number;
}

/** A published version of a layer. */
export interface LayerVersion {
  readonly layerName: string;
  readonly versionNumber: number;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly unzippedBytes: number;
  readonly description: string;
  readonly createdAtMs: number;
  readonly licenseInfo: string | null;
  /** Null: the publisher did not say. */
  readonly compatibleRuntimes: string[] | null;
  readonly compatibleArchitectures: string[] | null;
  /** Null: nothing was ever permitted to anybody. */
  readonly policy: LayerPolicy | null;
}
