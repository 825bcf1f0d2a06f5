import type { AwsFunctionConfiguration, GetFunctionResponse } from "@paddock/contracts/aws";
import { functionNotFound } from "@paddock/lambda-model";
import { fromMarker, pageSize, toPage } from "../core/pages.ts";
import { toAwsConfiguration, toAwsListEntry } from "../core/to-aws.ts";
import { type OperationContext, type Reference, requireVersion } from "./context.ts";

export async function getFunctionConfiguration(
  context: OperationContext,
  reference: Reference,
): Promise<AwsFunctionConfiguration> {
  const version = await requireVersion(context, reference);
  return toAwsConfiguration(version, context.scope, formOf(reference));
}

export async function getFunction(
  context: OperationContext,
  reference: Reference,
): Promise<GetFunctionResponse> {
  const version = await requireVersion(context, reference);
  const row = await context.store.readFunction(reference.functionName);
  if (row === undefined) throw functionNotFound(context.scope, reference.functionName);
  return {
    Configuration: toAwsConfiguration(version, context.scope, formOf(reference)),
    Code: { RepositoryType: "S3", Location: context.codeLink(version) },
    ...(Object.keys(row.tags).length === 0 ? {} : { Tags: row.tags }),
    ...(row.reservedConcurrency === null
      ? {}
      : { Concurrency: { ReservedConcurrentExecutions: row.reservedConcurrency } }),
  };
}

export interface ListQuery {
  readonly Marker?: string | undefined;
  readonly MaxItems?: string | undefined;
  readonly FunctionVersion?: "ALL" | undefined;
}

export async function listFunctions(context: OperationContext, query: ListQuery) {
  const size = pageSize(query.MaxItems);
  const isAll = query.FunctionVersion === "ALL";
  const entries = await context.store.listFunctionVersions({
    latestOnly: !isAll,
    after: fromMarker(query.Marker),
    limit: size + 1,
  });
  const { shown, nextMarker } = toPage(entries, size);
  const form = isAll ? "qualified" : "unqualified";
  return {
    ...(nextMarker === undefined ? {} : { NextMarker: nextMarker }),
    Functions: shown.map((version) => toAwsListEntry(version, context.scope, form)),
  };
}

export async function listVersionsByFunction(
  context: OperationContext,
  functionName: string,
  query: ListQuery,
) {
  const size = pageSize(query.MaxItems);
  const entries = await context.store.listVersions({
    functionName,
    afterNumber: fromMarker(query.Marker)?.versionNumber,
    limit: size + 1,
  });
  if (entries.length === 0 && query.Marker === undefined) {
    throw functionNotFound(context.scope, functionName);
  }
  const { shown, nextMarker } = toPage(entries, size);
  return {
    ...(nextMarker === undefined ? {} : { NextMarker: nextMarker }),
    Versions: shown.map((version) => toAwsListEntry(version, context.scope, "qualified")),
  };
}

/** The ARN is qualified where the caller named a qualifier, `$LATEST` included. */
function formOf({ qualifier }: Reference): "qualified" | "unqualified" {
  return qualifier === undefined ? "unqualified" : "qualified";
}
