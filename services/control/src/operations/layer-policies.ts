import type { LayerPolicy } from "@paddock/contracts";
import type { AddLayerVersionPermissionRequest } from "@paddock/contracts/aws";
import { layerArn } from "@paddock/lambda-model";
import {
  addedPermission,
  layerPolicyText,
  layerStatement,
  removedPermission,
} from "../core/layer-policy.ts";
import { noPolicy } from "../core/policy-document.ts";
import type { OperationContext } from "./context.ts";
import { keyOf, layerMissing, type LayerVersionLabels } from "./layers.ts";

export async function addLayerVersionPermission(
  context: OperationContext,
  request: AddLayerVersionPermissionRequest,
): Promise<{ Statement: string; RevisionId: string }> {
  const { policy, arn } = await changePolicy(context, request, (current) =>
    addedPermission(current, request, context.stamp()),
  );
  const added = policy.statements.find(({ sid }) => sid === request.StatementId);
  if (added === undefined) throw new Error("unreachable: the statement was added");
  return {
    Statement: JSON.stringify(layerStatement(added, arn)),
    RevisionId: policy.revisionId,
  };
}

export async function removeLayerVersionPermission(
  context: OperationContext,
  request: LayerVersionLabels & {
    readonly StatementId: string;
    readonly RevisionId?: string | undefined;
  },
): Promise<void> {
  const removal = { sid: request.StatementId, revisionId: request.RevisionId };
  await changePolicy(context, request, (current) =>
    removedPermission(current, removal, context.stamp()),
  );
}

export async function getLayerVersionPolicy(
  context: OperationContext,
  labels: LayerVersionLabels,
): Promise<{ Policy: string; RevisionId: string }> {
  const key = keyOf(context, labels);
  const version = await context.layers.read(key);
  if (version === undefined) throw layerMissing(context, key);
  if (version.policy === null) throw noPolicy();
  const arn = layerArn(context.scope, key.layerName, key.versionNumber);
  return {
    Policy: layerPolicyText(version.policy, arn),
    RevisionId: version.policy.revisionId,
  };
}

async function changePolicy(
  context: OperationContext,
  labels: LayerVersionLabels,
  change: (current: LayerPolicy | null) => LayerPolicy,
): Promise<{ policy: LayerPolicy; arn: string }> {
  const key = keyOf(context, labels);
  // No function's name has a colon.
  return context.exclusively(`layer:${key.layerName}`, async () => {
    const version = await context.layers.read(key);
    if (version === undefined) throw layerMissing(context, key);
    const policy = change(version.policy);
    const arn = layerArn(context.scope, key.layerName, key.versionNumber);
    layerPolicyText(policy, arn);
    await context.layers.setPolicy(key, policy);
    return { policy, arn };
  });
}
