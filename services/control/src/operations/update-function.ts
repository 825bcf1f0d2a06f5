import type { UsedLayer } from "@paddock/contracts";
import type {
  AwsFunctionConfiguration,
  UpdateFunctionCodeRequest,
  UpdateFunctionConfigurationRequest,
} from "@paddock/contracts/aws";
import { functionArn, functionNotFound } from "@paddock/lambda-model";
import { changedConfiguration, invalid } from "../core/configuration.ts";
import type { FunctionVersion } from "../core/model.ts";
import { checkRuntime, refuseUnoffered, zipFileOf } from "../core/offered.ts";
import { toAwsConfiguration } from "../core/to-aws.ts";
import { changeLatest, checkChangeable, checkRevision, publishFrom } from "../core/transitions.ts";
import { decodeZip } from "../core/zip-file.ts";
import { checkCodeStorage } from "./account.ts";
import { commitChange, type OperationContext, requireLatest } from "./context.ts";
import { checkTogether, requireLayers } from "./layers.ts";

export async function updateFunctionCode(
  context: OperationContext,
  functionName: string,
  request: UpdateFunctionCodeRequest,
): Promise<AwsFunctionConfiguration> {
  if (request.PublishTo !== undefined) {
    throw invalid("PublishTo is not offered by this version of Paddock yet.");
  }
  const zipFile = zipFileOf(request, "update");
  return context.exclusively(functionName, async () => {
    const latest = await requireChangeable(context, functionName, request.RevisionId);
    const zip = decodeZip(zipFile);
    const architecture = request.Architectures?.[0] ?? latest.configuration.architecture;
    const configuration = { ...latest.configuration, architecture };
    if (request.DryRun === true) {
      const code = await context.code.inspect(zip);
      const preview = { ...latest, configuration };
      return toAwsConfiguration(
        { ...preview, codeSha256: code.sha256, codeSizeBytes: code.sizeBytes },
        context.scope,
      );
    }
    const added = zip.byteLength * (request.Publish === true ? 2 : 1);
    await checkCodeStorage(context, added - latest.codeSizeBytes);
    const code = await context.code.store(zip);
    await checkTogether(context, code.unzippedBytes, latest.configuration.layers);
    const changed = changeLatest(latest, { configuration, code }, context.stamp());
    const published = request.Publish === true ? await nextVersions(context, changed) : [];
    await commitChange(context, { from: latest, to: changed, published });
    return toAwsConfiguration(published[0] ?? changed, context.scope);
  });
}

export async function updateFunctionConfiguration(
  context: OperationContext,
  functionName: string,
  request: UpdateFunctionConfigurationRequest,
): Promise<AwsFunctionConfiguration> {
  refuseUnoffered(request);
  return context.exclusively(functionName, async () => {
    const latest = await requireChangeable(context, functionName, request.RevisionId);
    if (request.Runtime !== undefined) checkRuntime(request.Runtime, context.workers.runtimes());
    const layers = await layersOf(context, latest, request.Layers);
    const configuration = changedConfiguration(latest.configuration, request, layers);
    const changed = changeLatest(latest, { configuration }, context.stamp());
    await commitChange(context, { from: latest, to: changed });
    return toAwsConfiguration(changed, context.scope);
  });
}

/** Undefined: the request names none, so that the function keeps its own. */
async function layersOf(
  context: OperationContext,
  latest: FunctionVersion,
  arns: readonly string[] | undefined,
): Promise<UsedLayer[] | undefined> {
  if (arns === undefined) return undefined;
  const layers = await requireLayers(context, arns);
  await checkTogether(context, await context.code.unzippedBytes(latest.codeSha256), layers);
  return layers;
}

export async function requireChangeable(
  context: OperationContext,
  functionName: string,
  revisionId: string | undefined,
): Promise<FunctionVersion> {
  const latest = await requireLatest(context, functionName);
  checkRevision(latest, revisionId);
  checkChangeable(latest, functionArn(context.scope, functionName));
  return latest;
}

async function nextVersions(
  context: OperationContext,
  latest: FunctionVersion,
): Promise<FunctionVersion[]> {
  const row = await context.store.readFunction(latest.functionName);
  if (row === undefined) throw functionNotFound(context.scope, latest.functionName);
  return [publishFrom(latest, { number: row.lastVersion + 1 }, context.stamp())];
}
