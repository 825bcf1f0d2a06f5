import type { AwsFunctionConfiguration, PublishVersionRequest } from "@paddock/contracts/aws";
import { invalid } from "../core/configuration.ts";
import type { FunctionVersion } from "../core/model.ts";
import { toAwsConfiguration } from "../core/to-aws.ts";
import { isSamePublication, publishFrom } from "../core/transitions.ts";
import { checkCodeStorage } from "./account.ts";
import { commitChange, type OperationContext, requireFunction } from "./context.ts";
import { requireChangeable } from "./update-function.ts";

/** Freezes `$LATEST`; without a change since the last version it answers with that one. */
export async function publishVersion(
  context: OperationContext,
  functionName: string,
  request: PublishVersionRequest,
): Promise<AwsFunctionConfiguration> {
  if (request.PublishTo !== undefined) {
    throw invalid("PublishTo is not offered by this version of Paddock yet.");
  }
  return context.exclusively(functionName, async () => {
    const latest = await requireChangeable(context, functionName, request.RevisionId);
    checkSha(latest, request.CodeSha256);
    const row = await requireFunction(context, functionName);
    const last = await context.store.readVersion(functionName, String(row.lastVersion));
    if (last !== undefined && isSamePublication(latest, last)) {
      return toAwsConfiguration(last, context.scope);
    }
    await checkCodeStorage(context, latest.codeSizeBytes);
    const published = publishFrom(
      latest,
      { number: row.lastVersion + 1, description: request.Description },
      context.stamp(),
    );
    await commitChange(context, { from: latest, to: latest, published: [published] });
    return toAwsConfiguration(published, context.scope);
  });
}

function checkSha(latest: FunctionVersion, asked: string | undefined): void {
  const current = Buffer.from(latest.codeSha256, "hex").toString("base64");
  if (asked === undefined || asked === "" || asked === current) return;
  throw invalid(
    `CodeSHA256 (${asked}) is different from current CodeSHA256 in $LATEST (${current}). Please try again with the CodeSHA256 in $LATEST.`,
  );
}
