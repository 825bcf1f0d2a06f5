import type { FunctionRecord } from "@paddock/contracts";

/** Where functions live: what every ARN of this installation has in common. */
export interface Scope {
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
}

/** `arn:aws:lambda:<region>:<account>:function:<name>[:<qualifier>]` */
export function functionArn(scope: Scope, functionName: string, qualifier?: string): string {
  const arn = `arn:aws:lambda:${scope.region}:${scope.accountId}:function:${functionName}`;
  return qualifier === undefined ? arn : `${arn}:${qualifier}`;
}

/**
 * The ARN by which a caller addressed the function: `context.invokedFunctionArn`. Unqualified where
 * no qualifier was given, with the alias (not the version that it led to) where one was.
 */
export function invokedArn(
  record: Pick<FunctionRecord, "functionArn">,
  qualifier: string | undefined,
): string {
  return qualifier === undefined ? record.functionArn : `${record.functionArn}:${qualifier}`;
}
