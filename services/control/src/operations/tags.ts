import { parseLayerReference } from "@paddock/lambda-model";
import { invalid } from "../core/configuration.ts";
import { type Tags, withoutTags, withTags } from "../core/tags.ts";
import { type OperationContext, type Reference, requireFunction } from "./context.ts";
import { noSuchResource } from "./policies.ts";
import { newRevision, requireTarget } from "./revisions.ts";

/** Something that may have tags, by its ARN. */
interface Tagged {
  readonly tags: Tags;
  readonly write: (tags: Tags) => Promise<void>;
  /** Key under which changes exclude each other. */
  readonly key: string;
}

/** `reference` reads a function's ARN; other ARNs never get to it. */
export interface TagCall {
  readonly resourceArn: string;
  readonly reference: () => Reference;
}

export async function listTags(context: OperationContext, call: TagCall): Promise<{ Tags: Tags }> {
  return { Tags: (await find(context, call)).tags };
}

export async function tagResource(
  context: OperationContext,
  call: TagCall,
  tags: Tags,
): Promise<void> {
  await change(context, call, (current) => withTags(current, tags));
}

export async function untagResource(
  context: OperationContext,
  call: TagCall,
  keys: readonly string[],
): Promise<void> {
  await change(context, call, (current) => withoutTags(current, keys));
}

async function change(
  context: OperationContext,
  call: TagCall,
  changed: (current: Tags) => Tags,
): Promise<void> {
  const { key } = await find(context, call);
  await context.exclusively(key, async () => {
    const { tags, write } = await find(context, call);
    await write(changed(tags));
  });
}

async function find(context: OperationContext, call: TagCall): Promise<Tagged> {
  if (call.resourceArn.includes(":function:")) return findFunction(context, call.reference());
  if (call.resourceArn.includes(":layer:")) return findLayer(context, call.resourceArn);
  // Nothing else that AWS lets one tag is offered, so that none of it is there.
  throw noSuchResource();
}

async function findFunction(
  context: OperationContext,
  { functionName, qualifier }: Reference,
): Promise<Tagged> {
  if (qualifier !== undefined) {
    throw invalid(
      "Tags on function aliases and versions are not supported. Please specify a function ARN.",
    );
  }
  const { tags } = await requireFunction(context, functionName);
  const write = async (next: Tags): Promise<void> => {
    await context.store.setTags(functionName, next);
    await newRevision(context, await requireTarget(context, { functionName }));
  };
  return { tags, write, key: functionName };
}

async function findLayer(context: OperationContext, arn: string): Promise<Tagged> {
  const layerName = parseLayerReference(arn)?.layerName ?? "";
  const tags = await context.layers.readTags(layerName);
  if (tags === undefined) throw noSuchResource();
  const write = (next: Tags): Promise<void> => context.layers.setTags(layerName, next);
  return { tags, write, key: `layer:${layerName}` };
}
