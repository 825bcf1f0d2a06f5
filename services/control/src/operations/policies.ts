import { PaddockError } from "@paddock/contracts";
import type { AddPermissionRequest } from "@paddock/contracts/aws";
import { functionArn } from "@paddock/lambda-model";
import { invalid } from "../core/configuration.ts";
import {
  newStatement,
  type PolicyDocument,
  readPolicyDocument,
  withoutStatement,
  withStatement,
} from "../core/function-policy.ts";
import { LATEST } from "../core/model.ts";
import { policyText } from "../core/policy-document.ts";
import { checkRevision } from "../core/transitions.ts";
import type { OperationContext, Reference } from "./context.ts";
import { newRevision, requireTarget, type Target } from "./revisions.ts";

export interface PolicyAnswer {
  readonly Policy: string;
  readonly RevisionId: string;
}

export async function addPermission(
  context: OperationContext,
  reference: Reference,
  request: AddPermissionRequest,
): Promise<{ Statement: string }> {
  if (reference.qualifier === LATEST) {
    throw invalid("We currently do not support adding policies for $LATEST.");
  }
  return context.exclusively(reference.functionName, async () => {
    const target = await requireTarget(context, reference);
    checkRevision(target, request.RevisionId);
    const statement = newStatement(request, target.arn);
    const policy = withStatement(await readPolicy(context, target), statement);
    await writePolicy(context, target, policy);
    return { Statement: JSON.stringify(statement) };
  });
}

export async function removePermission(
  context: OperationContext,
  reference: Reference,
  removal: { readonly StatementId: string; readonly RevisionId?: string | undefined },
): Promise<void> {
  await context.exclusively(reference.functionName, async () => {
    const target = await requirePolicyTarget(context, reference);
    const policy = withoutStatement(await readPolicy(context, target), removal.StatementId);
    checkRevision(target, removal.RevisionId);
    await writePolicy(context, target, policy);
  });
}

export async function getPolicy(
  context: OperationContext,
  reference: Reference,
): Promise<PolicyAnswer> {
  const target = await requireTarget(context, reference);
  const policy = await readPolicy(context, target);
  if (policy === undefined) throw noSuchResource();
  return { Policy: policyText(policy), RevisionId: target.revisionId };
}

export async function readPolicy(
  context: OperationContext,
  { functionName, qualifier }: Target,
): Promise<PolicyDocument | undefined> {
  const key = { functionName, kind: "policy", qualifier } as const;
  const setting = await context.store.readSetting(key);
  return setting === undefined ? undefined : readPolicyDocument(setting.document.text);
}

/** Undefined: there is none any more. Returns the target's new revision. */
export async function writePolicy(
  context: OperationContext,
  target: Target,
  policy: PolicyDocument | undefined,
): Promise<string> {
  const { functionName, qualifier } = target;
  const key = { functionName, kind: "policy", qualifier } as const;
  if (policy === undefined) {
    await context.store.deleteSetting(key);
  } else {
    await context.store.writeSetting({ ...key, document: { text: policyText(policy) } });
  }
  return newRevision(context, target);
}

export function noSuchResource(): PaddockError {
  return new PaddockError(
    "ResourceNotFoundException",
    "The resource you requested does not exist.",
  );
}

/** This one operation says so of a function that is not there. */
async function requirePolicyTarget(
  context: OperationContext,
  reference: Reference,
): Promise<Target> {
  const { functionName } = reference;
  if ((await context.store.readFunction(functionName)) !== undefined) {
    return requireTarget(context, reference);
  }
  const arn = functionArn(context.scope, functionName);
  throw new PaddockError("ResourceNotFoundException", `No policy found for: ${arn}`);
}
