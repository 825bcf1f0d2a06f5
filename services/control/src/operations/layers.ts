import { PaddockError, type UsedLayer } from "@paddock/contracts";
import type { AwsLayerVersion, PublishLayerVersionRequest } from "@paddock/contracts/aws";
import { layerArn, type LayerReference, parseLayerReference } from "@paddock/lambda-model";
import { invalid } from "../core/configuration.ts";
import {
  checkLayerList,
  checkUnzippedTogether,
  newLayerVersion,
  toAwsLayerVersion,
  toUsedLayer,
} from "../core/layer.ts";
import type { LayerVersion } from "../core/model.ts";
import { zipFileOf } from "../core/offered.ts";
import { decodeZip } from "../core/zip-file.ts";
import { checkCodeStorage } from "./account.ts";
import type { OperationContext } from "./context.ts";

export async function publishLayerVersion(
  context: OperationContext,
  request: PublishLayerVersionRequest,
): Promise<AwsLayerVersion> {
  const { layerName } = requireOwn(context, request.LayerName);
  const zip = decodeZip(zipFileOf(request.Content, "layer"));
  await checkCodeStorage(context, zip.byteLength);
  const code = await context.code.store(zip);
  const { nowMs } = context.stamp();
  const published = await context.layers.insert(
    newLayerVersion(layerName, request, { code, nowMs }),
  );
  return toAwsLayerVersion(published, context.scope, context.codeLink(published.sha256));
}

/** Functions that have it keep it. Deleting what is not there is no error, as on AWS. */
export async function deleteLayerVersion(
  context: OperationContext,
  version: LayerVersionLabels,
): Promise<void> {
  await context.layers.delete(keyOf(context, version));
}

export interface LayerVersionLabels {
  readonly LayerName: string;
  readonly VersionNumber: number;
}

/** @throws PaddockError InvalidParameterValueException for numbers below 1 */
export function keyOf(context: OperationContext, labels: LayerVersionLabels) {
  if (labels.VersionNumber < 1) throw invalid("Layer Version Cannot be less than 1");
  const { layerName } = requireOwn(context, labels.LayerName);
  return { layerName, versionNumber: labels.VersionNumber };
}

/** Layers of other accounts and regions are not to be had here. */
export function requireOwn(context: OperationContext, reference: string): LayerReference {
  const parsed = parseLayerReference(reference);
  if (parsed === undefined) throw noSuchResource();
  if (parsed.scope === undefined || isOwn(context, parsed.scope)) return parsed;
  throw notPermitted(context, reference);
}

export function noSuchResource(): PaddockError {
  return new PaddockError(
    "ResourceNotFoundException",
    "The resource you requested does not exist.",
  );
}

/**
 * The layers that a function is configured with, in their order. Their archives are safe from
 * collection until the function is written.
 */
export async function requireLayers(
  context: OperationContext,
  arns: readonly string[],
): Promise<UsedLayer[]> {
  checkLayerList(arns);
  const found = await Promise.all(arns.map((arn) => requireLayer(context, arn)));
  await Promise.all(found.map((layer) => context.code.claim(layer)));
  return found.map((layer) => toUsedLayer(layer, context.scope));
}

/** @throws PaddockError InvalidParameterValueException where code and layers are too much together. */
export async function checkTogether(
  context: OperationContext,
  codeBytes: number,
  layers: readonly UsedLayer[],
): Promise<void> {
  if (layers.length === 0) return;
  const sizes = layers.map(({ sha256 }) => context.code.unzippedBytes(sha256));
  checkUnzippedTogether([codeBytes, ...(await Promise.all(sizes))]);
}

async function requireLayer(context: OperationContext, arn: string): Promise<LayerVersion> {
  const reference = parseLayerReference(arn);
  const missing = invalid(`Layer version ${arn} does not exist.`);
  if (reference?.scope === undefined || reference.versionNumber === undefined) throw missing;
  const { scope, layerName, versionNumber } = reference;
  if (scope.accountId !== context.scope.accountId) throw notPermitted(context, arn);
  if (scope.region !== context.scope.region) {
    throw invalid(
      `Layers are not in the same region as the function. Layers are expected to be in region ${context.scope.region}.`,
    );
  }
  const version = await context.layers.read({ layerName, versionNumber });
  if (version === undefined) throw missing;
  return version;
}

function isOwn({ scope }: OperationContext, other: OperationContext["scope"]): boolean {
  return scope.accountId === other.accountId && scope.region === other.region;
}

function notPermitted({ scope }: OperationContext, arn: string): PaddockError {
  return new PaddockError(
    "AccessDeniedException",
    `User: arn:aws:iam::${scope.accountId}:root is not authorized to perform: lambda:GetLayerVersion on resource: ${arn} because no resource-based policy allows the lambda:GetLayerVersion action`,
  );
}

export function layerMissing(
  { scope }: OperationContext,
  key: { readonly layerName: string; readonly versionNumber: number },
): PaddockError {
  const arn = layerArn(scope, key.layerName, key.versionNumber);
  return new PaddockError("ResourceNotFoundException", `Layer version ${arn} does not exist.`);
}
