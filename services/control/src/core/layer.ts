import { limits, type UsedLayer } from "@paddock/contracts";
import type {
  AwsLayerListItem,
  AwsLayerVersion,
  PublishLayerVersionRequest,
} from "@paddock/contracts/aws";
import { layerArn, type Scope } from "@paddock/lambda-model";
import { invalid } from "./configuration.ts";
import type { LayerVersion, StoredCode } from "./model.ts";
import { awsTime } from "./to-aws.ts";

/** Layers: what is published, and which of them a function may have together. */

export function newLayerVersion(
  layerName: string,
  request: PublishLayerVersionRequest,
  content: { readonly code: StoredCode; readonly nowMs: number },
): Omit<LayerVersion, "versionNumber"> {
  return {
    layerName,
    ...content.code,
    description: request.Description ?? "",
    createdAtMs: content.nowMs,
    licenseInfo: request.LicenseInfo ?? null,
    compatibleRuntimes: request.CompatibleRuntimes ?? null,
    compatibleArchitectures: request.CompatibleArchitectures ?? null,
    policy: null,
  };
}

export function toAwsLayerItem(version: LayerVersion, scope: Scope): AwsLayerListItem {
  const { compatibleRuntimes, compatibleArchitectures, licenseInfo } = version;
  return {
    LayerVersionArn: layerArn(scope, version.layerName, version.versionNumber),
    Version: version.versionNumber,
    Description: version.description,
    CreatedDate: awsTime(version.createdAtMs),
    ...(compatibleRuntimes === null ? {} : { CompatibleRuntimes: compatibleRuntimes }),
    ...(licenseInfo === null ? {} : { LicenseInfo: licenseInfo }),
    ...(compatibleArchitectures === null
      ? {}
      : { CompatibleArchitectures: compatibleArchitectures }),
  };
}

export function toAwsLayerVersion(
  version: LayerVersion,
  scope: Scope,
  location: string,
): AwsLayerVersion {
  return {
    Content: {
      Location: location,
      CodeSha256: Buffer.from(version.sha256, "hex").toString("base64"),
      CodeSize: version.sizeBytes,
    },
    LayerArn: layerArn(scope, version.layerName),
    ...toAwsLayerItem(version, scope),
  };
}

const LAYERS_OF_A_FUNCTION = 5;

/** Of the list as a whole: whether its layers exist is for the caller to look up. */
export function checkLayerList(arns: readonly string[]): void {
  if (arns.length > LAYERS_OF_A_FUNCTION) {
    throw invalid(`Cannot reference more than ${LAYERS_OF_A_FUNCTION} layers.`);
  }
  const seen = new Map<string, string>();
  for (const arn of arns) {
    const layer = arn.slice(0, arn.lastIndexOf(":"));
    const other = seen.get(layer);
    if (other !== undefined) {
      throw invalid(
        `Two different versions of the same layer are not allowed to be referenced in the same function. ${other} and ${arn} are versions of the same layer.`,
      );
    }
    seen.set(layer, arn);
  }
}

/** @throws PaddockError InvalidParameterValueException where code and layers are too much together. */
export function checkUnzippedTogether(bytes: readonly number[]): void {
  const total = bytes.reduce((sum, each) => sum + each, 0);
  if (total <= limits.unzippedCodeBytes) return;
  throw invalid(
    `Function code combined with layers exceeds the maximum allowed size of ${limits.unzippedCodeBytes} bytes. The actual size is ${total} bytes.`,
  );
}

export function toUsedLayer(version: LayerVersion, scope: Scope): UsedLayer {
  const { layerName, versionNumber, sha256, sizeBytes } = version;
  return { arn: layerArn(scope, layerName, versionNumber), sha256, sizeBytes };
}
