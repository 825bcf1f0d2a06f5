import { isDeepStrictEqual } from "node:util";
import { type FunctionConfiguration, PaddockError } from "@paddock/contracts";
import { type FunctionVersion, LATEST, type StoredCode } from "./model.ts";

/**
 * How a version's row changes. Every transition gets a new revision; a change of code or
 * configuration also gets a new configId, so that no environment outlives it.
 * States and texts: ../shared/spec/lambda-spec.md §1.6, §8.4.
 */
export interface Stamp {
  readonly nowMs: number;
  /** A fresh UUID at each call. */
  readonly newId: () => string;
}

const CREATING = { reason: "The function is being created.", code: "Creating" } as const;

export function createLatest(
  functionName: string,
  content: { configuration: FunctionConfiguration; code: StoredCode },
  stamp: Stamp,
): FunctionVersion {
  return {
    functionName,
    version: LATEST,
    versionNumber: 0,
    configId: stamp.newId(),
    revisionId: stamp.newId(),
    state: "Pending",
    stateReason: CREATING.reason,
    stateReasonCode: CREATING.code,
    lastUpdateStatus: null,
    lastUpdateStatusReason: null,
    lastUpdateStatusReasonCode: null,
    codeSha256: content.code.sha256,
    codeSizeBytes: content.code.sizeBytes,
    lastModifiedMs: stamp.nowMs,
    configuration: content.configuration,
  };
}

export function changeLatest(
  from: FunctionVersion,
  change: { configuration?: FunctionConfiguration; code?: StoredCode },
  stamp: Stamp,
): FunctionVersion {
  return {
    ...from,
    configId: stamp.newId(),
    revisionId: stamp.newId(),
    // AWS really says "created" here.
    lastUpdateStatus: "InProgress",
    lastUpdateStatusReason: CREATING.reason,
    lastUpdateStatusReasonCode: CREATING.code,
    lastModifiedMs: stamp.nowMs,
    configuration: change.configuration ?? from.configuration,
    codeSha256: change.code?.sha256 ?? from.codeSha256,
    codeSizeBytes: change.code?.sizeBytes ?? from.codeSizeBytes,
  };
}

/** A published version: `$LATEST` as it is, under the next number. */
export function publishFrom(
  latest: FunctionVersion,
  publication: { number: number; description?: string | undefined },
  stamp: Stamp,
): FunctionVersion {
  const { number, description } = publication;
  return {
    ...latest,
    version: String(number),
    versionNumber: number,
    configId: stamp.newId(),
    revisionId: stamp.newId(),
    lastModifiedMs: stamp.nowMs,
    configuration:
      description === undefined ? latest.configuration : { ...latest.configuration, description },
  };
}

export function isUnsettled(version: FunctionVersion): boolean {
  return version.state === "Pending" || version.lastUpdateStatus === "InProgress";
}

/** Pending → Active, InProgress → Successful: the data plane has what it needs. */
export function settle(version: FunctionVersion, stamp: Stamp): FunctionVersion {
  return {
    ...version,
    revisionId: stamp.newId(),
    state: version.state === "Pending" ? "Active" : version.state,
    stateReason: null,
    stateReasonCode: null,
    lastUpdateStatus: "Successful",
    lastUpdateStatusReason: null,
    lastUpdateStatusReasonCode: null,
  };
}

/** @throws PaddockError ResourceConflictException while a change is under way. */
export function checkChangeable(latest: FunctionVersion, functionArn: string): void {
  if (latest.state === "Pending") {
    throw conflict("The function is currently in the following state: Pending");
  }
  if (latest.lastUpdateStatus === "InProgress") {
    throw conflict(`An update is in progress for resource: ${functionArn}`);
  }
}

export function conflict(why: string): PaddockError {
  return resourceConflict(`The operation cannot be performed at this time. ${why}`);
}

export function resourceConflict(message: string): PaddockError {
  return new PaddockError("ResourceConflictException", message);
}

/** @throws PaddockError PreconditionFailedException when another revision was expected. */
export function checkRevision(
  current: { readonly revisionId: string },
  expected: string | undefined,
): void {
  if (expected === undefined || expected === current.revisionId) return;
  throw new PaddockError(
    "PreconditionFailedException",
    "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
  );
}

/** Publishing again what the last version already has makes no new version. */
export function isSamePublication(latest: FunctionVersion, last: FunctionVersion): boolean {
  return (
    latest.codeSha256 === last.codeSha256 &&
    isDeepStrictEqual(
      { ...latest.configuration, description: "" },
      { ...last.configuration, description: "" },
    )
  );
}
