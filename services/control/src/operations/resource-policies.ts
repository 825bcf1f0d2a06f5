import { readPolicyDocument } from "../core/function-policy.ts";
import { policyText } from "../core/policy-document.ts";
import { checkRevision } from "../core/transitions.ts";
import type { OperationContext, Reference } from "./context.ts";
import { noSuchResource, type PolicyAnswer, readPolicy, writePolicy } from "./policies.ts";
import { requireTarget } from "./revisions.ts";

/** Whole policies by the ARN of what they are for; AddPermission adds to the same. */

export async function putResourcePolicy(
  context: OperationContext,
  reference: Reference,
  request: { readonly Policy: string; readonly RevisionId?: string | undefined },
): Promise<PolicyAnswer> {
  const policy = readPolicyDocument(request.Policy);
  return context.exclusively(reference.functionName, async () => {
    const target = await requireTarget(context, reference);
    checkRevision(target, request.RevisionId);
    const revisionId = await writePolicy(context, target, policy);
    return { Policy: policyText(policy), RevisionId: revisionId };
  });
}

export async function getResourcePolicy(
  context: OperationContext,
  reference: Reference,
): Promise<PolicyAnswer> {
  const target = await requireTarget(context, reference);
  const policy = await readPolicy(context, target);
  if (policy === undefined) throw noSuchResource();
  return { Policy: policyText(policy), RevisionId: target.revisionId };
}

export async function deleteResourcePolicy(
  context: OperationContext,
  reference: Reference,
  request: { readonly RevisionId?: string | undefined },
): Promise<void> {
  await context.exclusively(reference.functionName, async () => {
    const target = await requireTarget(context, reference);
    if ((await readPolicy(context, target)) === undefined) throw noSuchResource();
    checkRevision(target, request.RevisionId);
    await writePolicy(context, target, undefined);
  });
}
