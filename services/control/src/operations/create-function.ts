import { PaddockError } from "@paddock/contracts";
import type { AwsFunctionConfiguration, CreateFunctionRequest } from "@paddock/contracts/aws";
import { newConfiguration } from "../core/configuration.ts";
import { checkRuntime, refuseUnoffered, zipFileOf } from "../core/offered.ts";
import { checkTags } from "../core/tags.ts";
import { toAwsConfiguration } from "../core/to-aws.ts";
import { createLatest, publishFrom } from "../core/transitions.ts";
import { decodeZip } from "../core/zip-file.ts";
import { checkCodeStorage } from "./account.ts";
import type { OperationContext } from "./context.ts";
import { checkTogether, requireLayers } from "./layers.ts";

/**
 * Code first, then the database, then the data plane. A kill in between leaves at most a zip that
 * nobody refers to (collected later) or a Pending function (settled at the next start).
 */
export async function createFunction(
  context: OperationContext,
  functionName: string,
  request: CreateFunctionRequest,
): Promise<AwsFunctionConfiguration> {
  refuseUnoffered(request);
  const tags = checkTags(request.Tags ?? {});
  const zip = zipFileOf(request.Code, "create");
  const asked = newConfiguration(functionName, request);
  checkRuntime(asked.runtime, context.workers.runtimes());
  return context.exclusively(functionName, async () => {
    // Before the zip is looked into: the commonest mistake is the cheapest to find.
    if ((await context.store.readFunction(functionName)) !== undefined) throw exists(functionName);
    const bytes = decodeZip(zip);
    const copies = request.Publish === true ? 2 : 1;
    await checkCodeStorage(context, bytes.byteLength * copies);
    const layers = await requireLayers(context, request.Layers ?? []);
    const code = await context.code.store(bytes);
    await checkTogether(context, code.unzippedBytes, layers);
    const configuration = { ...asked, layers };
    const stamp = context.stamp();
    const latest = createLatest(functionName, { configuration, code }, stamp);
    const published = request.Publish === true ? [publishFrom(latest, { number: 1 }, stamp)] : [];
    const row = {
      functionName,
      functionId: stamp.newId(),
      createdAtMs: stamp.nowMs,
      lastVersion: published.length,
      reservedConcurrency: null,
      tags,
    };
    if (!(await context.store.insert(row, [latest, ...published]))) throw exists(functionName);
    await context.mirror.publish(functionName);
    context.mirror.settle(functionName);
    return toAwsConfiguration(published[0] ?? latest, context.scope);
  });
}

function exists(functionName: string): PaddockError {
  return new PaddockError("ResourceConflictException", `Function already exist: ${functionName}`);
}
