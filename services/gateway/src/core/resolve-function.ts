import { type FunctionRecord, PaddockError, type VersionRecord } from "@paddock/contracts";
import {
  functionNotFound,
  invokedArn,
  parseFunctionReference,
  resolveQualifier,
  type Scope,
} from "@paddock/lambda-model";
import type { InvokeTarget } from "./invoke-target.ts";

/** The functions that are known now; the bus's FunctionDirectory is one. */
export interface KnownFunctions {
  getFunction(functionName: string): FunctionRecord | undefined;
  /** `version` is `$LATEST` or a number. */
  getVersion(functionName: string, version: string): VersionRecord | undefined;
}

export interface ResolvedFunction {
  readonly functionName: string;
  /** As addressed; undefined where the caller gave none. */
  readonly qualifier: string | undefined;
  readonly invokedFunctionArn: string;
  readonly version: VersionRecord;
  /** False while its reserved concurrency is 0: then no environment may run it, warm or not. */
  readonly isSwitchedOn: boolean;
}

export interface Resolution {
  readonly functions: KnownFunctions;
  readonly scope: Scope;
  readonly principalArn: string;
  /** 0 ≤ x < 1: which version of an alias with two. */
  readonly random: () => number;
}

/**
 * The version that will run. In AWS's order: name, function, qualifier, state.
 * Throws what parseFunctionReference throws, ResourceNotFound, ResourceConflict, ResourceNotReady.
 */
export function resolveFunction(
  { reference, qualifier: asked }: InvokeTarget,
  { functions, scope, principalArn, random }: Resolution,
): ResolvedFunction {
  const { functionName, qualifier } = parseFunctionReference(reference, scope, asked, {
    principalArn,
    action: "lambda:InvokeFunction",
  });
  const record = functions.getFunction(functionName);
  const number = record && resolveQualifier(record, qualifier, random);
  const version = number === undefined ? undefined : functions.getVersion(functionName, number);
  if (record === undefined || version === undefined) {
    throw functionNotFound(scope, functionName, qualifier);
  }
  checkState(version);
  const invokedFunctionArn = invokedArn(record, qualifier);
  const isSwitchedOn = record.reservedConcurrency !== 0;
  return { functionName, qualifier, version, invokedFunctionArn, isSwitchedOn };
}

/** For invocations that would run at once. @throws PaddockError TooManyRequestsException */
export function checkSwitchedOn({ isSwitchedOn }: ResolvedFunction): void {
  if (isSwitchedOn) return;
  throw new PaddockError("TooManyRequestsException", "Rate Exceeded.", {
    details: { Reason: "ReservedFunctionConcurrentInvocationLimitExceeded" },
  });
}

function checkState({ state }: VersionRecord): void {
  if (state === "Active") return;
  throw new PaddockError(
    state === "Inactive" ? "ResourceNotReadyException" : "ResourceConflictException",
    `The operation cannot be performed at this time. The function is currently in the following state: ${state}`,
  );
}
