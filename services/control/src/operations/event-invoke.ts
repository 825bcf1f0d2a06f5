import { type FunctionSetting, PaddockError } from "@paddock/contracts";
import type { AwsEventInvokeConfig, EventInvokeConfigRequest } from "@paddock/contracts/aws";
import { functionArn } from "@paddock/lambda-model";
import { changedEventInvoke, toAwsEventInvoke } from "../core/event-invoke.ts";
import { LATEST } from "../core/model.ts";
import { fromMarker, pageSize, toPage } from "../core/pages.ts";
import { type OperationContext, type Reference, requireVersion } from "./context.ts";
import type { PageQuery } from "./read-functions.ts";

const kind = "event-invoke";

/** Put sets all anew, Update changes what is set. */
export async function setEventInvoke(
  context: OperationContext,
  { functionName, qualifier }: Reference,
  change: { readonly request: EventInvokeConfigRequest; readonly from: "nothing" | "current" },
): Promise<AwsEventInvokeConfig> {
  const { scope, store, mirror } = context;
  return context.exclusively(functionName, async () => {
    const own = { functionArn: functionArn(scope, functionName), nowMs: context.stamp().nowMs };
    // Before the function is looked for, as on AWS.
    const fresh = changedEventInvoke({}, change.request, own);
    await requireTarget(context, { functionName, qualifier });
    const key = { functionName, kind, qualifier: qualifier ?? LATEST } as const;
    const document =
      change.from === "nothing"
        ? fresh
        : changedEventInvoke((await requireSetting(context, key)).document, change.request, own);
    await store.writeSetting({ ...key, document });
    await mirror.publish(functionName);
    return toAwsEventInvoke({ ...key, document }, scope);
  });
}

export async function getEventInvoke(
  context: OperationContext,
  { functionName, qualifier = LATEST }: Reference,
): Promise<AwsEventInvokeConfig> {
  return toAwsEventInvoke(
    await requireSetting(context, { functionName, kind, qualifier }),
    context.scope,
  );
}

export async function deleteEventInvoke(
  context: OperationContext,
  { functionName, qualifier = LATEST }: Reference,
): Promise<void> {
  await context.exclusively(functionName, async () => {
    const key = { functionName, kind, qualifier } as const;
    if (!(await context.store.deleteSetting(key))) throw notSet(context, key);
    await context.mirror.publish(functionName);
  });
}

export async function listEventInvoke(
  context: OperationContext,
  functionName: string,
  query: PageQuery,
) {
  await requireTarget(context, { functionName });
  const size = pageSize(query.MaxItems);
  const afterQualifier = fromMarker(query.Marker);
  const page = { functionName, kind, afterQualifier, limit: size + 1 } as const;
  const { shown, next } = toPage(
    await context.store.listSettings(page),
    size,
    ({ qualifier }) => qualifier,
  );
  return {
    FunctionEventInvokeConfigs: shown.map((setting) => toAwsEventInvoke(setting, context.scope)),
    ...next,
  };
}

/** These operations have a text of their own for functions and qualifiers that are not there. */
async function requireTarget(context: OperationContext, reference: Reference): Promise<void> {
  try {
    await requireVersion(context, reference);
  } catch (error) {
    if (!(error instanceof PaddockError) || error.code !== "ResourceNotFoundException") throw error;
    throw new PaddockError("ResourceNotFoundException", "The function doesn't exist.");
  }
}

interface Key {
  readonly functionName: string;
  readonly kind: typeof kind;
  readonly qualifier: string;
}

async function requireSetting(
  context: OperationContext,
  key: Key,
): Promise<FunctionSetting<typeof kind>> {
  const setting = await context.store.readSetting(key);
  if (setting === undefined) throw notSet(context, key);
  return setting;
}

function notSet({ scope }: OperationContext, { functionName, qualifier }: Key): PaddockError {
  const arn = functionArn(scope, functionName, qualifier);
  return new PaddockError(
    "ResourceNotFoundException",
    `The function ${arn} doesn't have an EventInvokeConfig`,
  );
}
