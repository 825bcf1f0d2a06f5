import type { AwsLayerVersion } from "@paddock/contracts/aws";
import { layerArn } from "@paddock/lambda-model";
import { toAwsLayerItem, toAwsLayerVersion } from "../core/layer.ts";
import { fromMarker, pageSize, toPage } from "../core/pages.ts";
import type { OperationContext } from "./context.ts";
import { keyOf, type LayerVersionLabels, noSuchResource, requireOwn } from "./layers.ts";
import type { PageQuery } from "./read-functions.ts";

export async function getLayerVersion(
  context: OperationContext,
  labels: LayerVersionLabels,
): Promise<AwsLayerVersion> {
  const version = await context.layers.read(keyOf(context, labels));
  if (version === undefined) throw noSuchResource();
  return toAwsLayerVersion(version, context.scope, context.codeLink(version.sha256));
}

export async function getLayerVersionByArn(
  context: OperationContext,
  arn: string,
): Promise<AwsLayerVersion> {
  const { layerName, versionNumber = 0 } = requireOwn(context, arn);
  return getLayerVersion(context, { LayerName: layerName, VersionNumber: versionNumber });
}

interface LayerQuery extends PageQuery {
  readonly CompatibleRuntime?: string | undefined;
  readonly CompatibleArchitecture?: string | undefined;
}

export async function listLayers(context: OperationContext, query: LayerQuery) {
  const size = pageSize(query.MaxItems);
  const latest = await context.layers.listLatest({
    ...filterOf(query),
    afterName: fromMarker(query.Marker),
    limit: size + 1,
  });
  const { shown, next } = toPage(latest, size, ({ layerName }) => layerName);
  return {
    ...next,
    Layers: shown.map((version) => ({
      LayerName: version.layerName,
      LayerArn: layerArn(context.scope, version.layerName),
      LatestMatchingVersion: toAwsLayerItem(version, context.scope),
    })),
  };
}

export async function listLayerVersions(
  context: OperationContext,
  query: LayerQuery & { readonly LayerName: string },
) {
  const size = pageSize(query.MaxItems);
  const below = fromMarker(query.Marker);
  const versions = await context.layers.listVersions({
    ...filterOf(query),
    layerName: requireOwn(context, query.LayerName).layerName,
    belowNumber: below === undefined ? undefined : Number(below),
    limit: size + 1,
  });
  const { shown, next } = toPage(versions, size, ({ versionNumber }) => String(versionNumber));
  return {
    ...next,
    LayerVersions: shown.map((version) => toAwsLayerItem(version, context.scope)),
  };
}

function filterOf(query: LayerQuery) {
  return { runtime: query.CompatibleRuntime, architecture: query.CompatibleArchitecture };
}
