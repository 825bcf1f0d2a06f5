import { randomInt } from "node:crypto";
import { type FunctionSetting, PaddockError } from "@paddock/contracts";
import type {
  AwsCreatedFunctionUrl,
  AwsFunctionUrlConfig,
  CreateFunctionUrlConfigRequest,
  UpdateFunctionUrlConfigRequest,
} from "@paddock/contracts/aws";
import { functionArn, validationError } from "@paddock/lambda-model";
import { invalid } from "../core/configuration.ts";
import { changedUrl, newUrl, toAwsCreatedUrl, toAwsUrlConfig } from "../core/function-url.ts";
import { LATEST } from "../core/model.ts";
import { fromMarker, pageSize, toPage } from "../core/pages.ts";
import { resourceConflict } from "../core/transitions.ts";
import type { OperationContext, Reference } from "./context.ts";
import { noSuchResource } from "./policies.ts";
import type { PageQuery } from "./read-functions.ts";

const kind = "url";

export async function createFunctionUrl(
  context: OperationContext,
  reference: Reference,
  request: CreateFunctionUrlConfigRequest,
): Promise<AwsCreatedFunctionUrl> {
  const key = keyOf(reference);
  refuseStreaming(request);
  return context.exclusively(key.functionName, async () => {
    await requireUrlTarget(context, reference);
    if ((await context.store.readSetting(key)) !== undefined) {
      const arn = functionArn(context.scope, key.functionName, reference.qualifier);
      throw resourceConflict(
        `Failed to create function url config for [functionArn = ${arn}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
      );
    }
    const { nowMs } = context.stamp();
    const setting = { ...key, document: newUrl(request, { urlId: randomUrlId(), nowMs }) };
    await write(context, setting);
    return toAwsCreatedUrl(setting, context.urls);
  });
}

export async function updateFunctionUrl(
  context: OperationContext,
  reference: Reference,
  request: UpdateFunctionUrlConfigRequest,
): Promise<AwsFunctionUrlConfig> {
  const key = keyOf(reference);
  refuseStreaming(request);
  return context.exclusively(key.functionName, async () => {
    await requireUrlTarget(context, reference);
    const { document } = await requireUrl(context, key);
    const changed = changedUrl(document, request, context.stamp().nowMs);
    await write(context, { ...key, document: changed });
    return toAwsUrlConfig({ ...key, document: changed }, context.urls);
  });
}

export async function getFunctionUrl(
  context: OperationContext,
  reference: Reference,
): Promise<AwsFunctionUrlConfig> {
  return toAwsUrlConfig(await requireUrl(context, keyOf(reference)), context.urls);
}

export async function deleteFunctionUrl(
  context: OperationContext,
  reference: Reference,
): Promise<void> {
  const key = keyOf(reference);
  await context.exclusively(key.functionName, async () => {
    if (!(await context.store.deleteSetting(key))) throw noSuchResource();
    await context.mirror.publish(key.functionName);
  });
}

export async function listFunctionUrls(
  context: OperationContext,
  functionName: string,
  query: PageQuery,
) {
  await requireUrlTarget(context, { functionName });
  const size = pageSize(query.MaxItems);
  const afterQualifier = fromMarker(query.Marker);
  const settings = await context.store.listSettings({
    ...{ functionName, kind, afterQualifier },
    limit: size + 1,
  });
  const { shown, next } = toPage(settings, size, ({ qualifier }) => qualifier);
  return {
    FunctionUrlConfigs: shown.map((setting) => toAwsUrlConfig(setting, context.urls)),
    ...next,
  };
}

/** URLs lead to `$LATEST` or to an alias, and only the latter is ever named. */
function keyOf({ functionName, qualifier }: Reference) {
  if (qualifier !== undefined && (qualifier === LATEST || /^\d+$/.test(qualifier))) {
    const constraint =
      "Member must satisfy regular expression pattern: ((?!^\\d+$)^[0-9a-zA-Z-_]+$)";
    throw validationError([{ value: qualifier, member: "qualifier", constraint }]);
  }
  return { functionName, kind, qualifier: qualifier ?? LATEST } as const;
}

async function requireUrlTarget(
  context: OperationContext,
  { functionName, qualifier }: Reference,
): Promise<void> {
  const { store } = context;
  const isThere =
    (await store.readFunction(functionName)) !== undefined &&
    (qualifier === undefined || (await store.readAlias(functionName, qualifier)) !== undefined);
  if (!isThere) {
    throw new PaddockError("ResourceNotFoundException", "Function does not exist");
  }
}

async function requireUrl(
  context: OperationContext,
  key: ReturnType<typeof keyOf>,
): Promise<FunctionSetting<typeof kind>> {
  const setting = await context.store.readSetting(key);
  if (setting === undefined) throw noSuchResource();
  return setting;
}

async function write(
  context: OperationContext,
  setting: FunctionSetting<typeof kind>,
): Promise<void> {
  await context.store.writeSetting(setting);
  await context.mirror.publish(setting.functionName);
}

function refuseStreaming(request: UpdateFunctionUrlConfigRequest): void {
  if (request.InvokeMode !== "RESPONSE_STREAM") return;
  throw invalid("InvokeMode RESPONSE_STREAM is not offered by this version of Paddock yet.");
}

/** As AWS's: whoever has the id has the URL, so it is random. */
function randomUrlId(): string {
  const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
  return Array.from({ length: 32 }, () => alphabet[randomInt(alphabet.length)]).join("");
}
