import { PaddockError } from "@paddock/contracts";
import type {
  AwsAliasConfiguration,
  CreateAliasRequest,
  UpdateAliasRequest,
} from "@paddock/contracts/aws";
import { functionArn } from "@paddock/lambda-model";
import {
  additionalVersionOf,
  changedAlias,
  checkSameRole,
  newAlias,
  toAwsAlias,
} from "../core/alias.ts";
import type { FunctionAlias } from "../core/model.ts";
import { checkRevision, conflict, resourceConflict } from "../core/transitions.ts";
import { type OperationContext, requireFunction, requireVersion } from "./context.ts";

export async function createAlias(
  context: OperationContext,
  functionName: string,
  request: CreateAliasRequest,
): Promise<AwsAliasConfiguration> {
  return context.exclusively(functionName, async () => {
    await requireVersion(context, { functionName, qualifier: request.FunctionVersion });
    const exists = resourceConflict(
      `Alias already exists: ${functionArn(context.scope, functionName, request.Name)}`,
    );
    if ((await context.store.readAlias(functionName, request.Name)) !== undefined) throw exists;
    const alias = newAlias(functionName, request, context.stamp());
    await checkVersions(context, alias);
    if (!(await context.store.insertAlias(alias))) throw exists;
    await context.mirror.publish(functionName);
    return toAwsAlias(alias, context.scope);
  });
}

export async function updateAlias(
  context: OperationContext,
  functionName: string,
  request: UpdateAliasRequest,
): Promise<AwsAliasConfiguration> {
  return context.exclusively(functionName, async () => {
    await requireFunction(context, functionName);
    const arn = functionArn(context.scope, functionName, request.Name);
    const alias = await context.store.readAlias(functionName, request.Name);
    if (alias === undefined) {
      throw new PaddockError("ResourceNotFoundException", `Alias not found: ${arn}`);
    }
    checkRevision(alias, request.RevisionId);
    const changed = changedAlias(alias, request, context.stamp());
    await checkVersions(context, changed);
    if (!(await context.store.replaceAlias(alias.revisionId, changed))) {
      throw conflict(`An update is in progress for resource: ${arn}`);
    }
    await context.mirror.publish(functionName);
    return toAwsAlias(changed, context.scope);
  });
}

/** Deleting an alias that is not there is no error, as on AWS. */
export async function deleteAlias(
  context: OperationContext,
  functionName: string,
  name: string,
): Promise<void> {
  return context.exclusively(functionName, async () => {
    await requireFunction(context, functionName);
    await context.store.deleteAlias(functionName, name);
    await context.mirror.publish(functionName);
  });
}

/** Both versions exist, and may share one alias. */
async function checkVersions(context: OperationContext, alias: FunctionAlias): Promise<void> {
  const { functionName } = alias;
  const version = await requireVersion(context, { functionName, qualifier: alias.version });
  const qualifier = additionalVersionOf(alias);
  if (qualifier === undefined) return;
  checkSameRole(version, await requireVersion(context, { functionName, qualifier }));
}
