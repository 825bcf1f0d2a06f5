import { PaddockError } from "@paddock/contracts";
import type { AwsAliasConfiguration } from "@paddock/contracts/aws";
import { functionArn } from "@paddock/lambda-model";
import { toAwsAlias } from "../core/alias.ts";
import { fromMarker, pageSize, toPage } from "../core/pages.ts";
import { type OperationContext, requireFunction } from "./context.ts";
import type { PageQuery } from "./read-functions.ts";

export async function getAlias(
  context: OperationContext,
  functionName: string,
  name: string,
): Promise<AwsAliasConfiguration> {
  await requireFunction(context, functionName);
  const alias = await context.store.readAlias(functionName, name);
  if (alias !== undefined) return toAwsAlias(alias, context.scope);
  const arn = functionArn(context.scope, functionName, name);
  throw new PaddockError("ResourceNotFoundException", `Cannot find alias arn: ${arn}`);
}

export async function listAliases(
  context: OperationContext,
  functionName: string,
  query: PageQuery & { readonly FunctionVersion?: string | undefined },
) {
  await requireFunction(context, functionName);
  const size = pageSize(query.MaxItems);
  const aliases = await context.store.listAliases({
    functionName,
    version: query.FunctionVersion,
    afterName: fromMarker(query.Marker),
    limit: size + 1,
  });
  const { shown, next } = toPage(aliases, size, ({ name }) => name);
  return { ...next, Aliases: shown.map((alias) => toAwsAlias(alias, context.scope)) };
}
