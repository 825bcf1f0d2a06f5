import type { AwsFunctionConfiguration, GetFunctionResponse } from "@paddock/contracts/aws";
import { functionNotFound } from "@paddock/lambda-model";
import { pageSize, positionFrom, positionKey, toPage } from "../core/pages.ts";
import { toAwsConfiguration, toAwsListEntry } from "../core/to-aws.ts";
import {
  type OperationContext,
  type Reference,
  requireFunction,
  requireVersion,
} from "./context.ts";

export async function getFunctionConfiguration(
  context: OperationContext,
  reference: Reference,
): Promise<AwsFunctionConfiguration> {
  const version = await requireVersion(context, reference);
  return toAwsConfiguration(version, context.scope, reference.qualifier);
}

export async function getFunction(
  context: OperationContext,
  reference: Reference,
): Promise<GetFunctionResponse> {
  const version = await requireVersion(context, reference);
  const row = await requireFunction(context, reference.functionName);
  return {
    Configuration: toAwsConfiguration(version, context.scope, reference.qualifier),
    Code: { RepositoryType: "S3", Location: context.codeLink(version.codeSha256) },
    ...(Object.keys(row.tags).length === 0 ? {} : { Tags: row.tags }),
    ...(row.reservedConcurrency === null
      ? {}
      : { Concurrency: { ReservedConcurrentExecutions: row.reservedConcurrency } }),
  };
}

export interface PageQuery {
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}

export async function listFunctions(
  context: OperationContext,
  query: PageQuery & { readonly FunctionVersion?: "ALL" | undefined },
) {
  const size = pageSize(query.MaxItems);
  const isAll = query.FunctionVersion === "ALL";
  const entries = await context.store.listFunctionVersions({
    latestOnly: !isAll,
    after: positionFrom(query.Marker),
    limit: size + 1,
  });
  const { shown, next } = toPage(entries, size, positionKey);
  return {
    ...next,
    Functions: shown.map((entry) =>
      toAwsListEntry(entry, context.scope, isAll ? entry.version : undefined),
    ),
  };
}

export async function listVersionsByFunction(
  context: OperationContext,
  functionName: string,
  query: PageQuery,
) {
  const size = pageSize(query.MaxItems);
  const entries = await context.store.listVersions({
    functionName,
    afterNumber: positionFrom(query.Marker)?.versionNumber,
    limit: size + 1,
  });
  if (entries.length === 0 && query.Marker === undefined) {
    throw functionNotFound(context.scope, functionName);
  }
  const { shown, next } = toPage(entries, size, positionKey);
  return {
    ...next,
    Versions: shown.map((entry) => toAwsListEntry(entry, context.scope, entry.version)),
  };
}
