import { PaddockError } from "@paddock/contracts";
import { functionArn, functionNotFound } from "@paddock/lambda-model";
import { LATEST } from "../core/model.ts";
import { checkRevision, conflict } from "../core/transitions.ts";
import type { OperationContext, Reference } from "./context.ts";

/**
 * Changes that belong to a function, a version or an alias without being part of its configuration:
 * they give it a new RevisionId all the same, as on AWS.
 */

/** A version may settle at the same moment, which gives it a new revision too. */
const ATTEMPTS = 3;

export interface Target {
  readonly functionName: string;
  /** `$LATEST` where the caller named none. */
  readonly qualifier: string;
  readonly revisionId: string;
  /** Qualified where the caller qualified it. */
  readonly arn: string;
}

/** What a reference names. @throws PaddockError ResourceNotFoundException */
export async function requireTarget(
  context: OperationContext,
  { functionName, qualifier }: Reference,
): Promise<Target> {
  const { store, scope } = context;
  const arn = functionArn(scope, functionName, qualifier);
  const name = qualifier ?? LATEST;
  if (isVersion(name)) {
    const version = await store.readVersion(functionName, name);
    if (version === undefined) throw functionNotFound(scope, functionName, qualifier);
    return { functionName, qualifier: name, revisionId: version.revisionId, arn };
  }
  if ((await store.readFunction(functionName)) === undefined) {
    throw functionNotFound(scope, functionName);
  }
  const alias = await store.readAlias(functionName, name);
  if (alias !== undefined) {
    return { functionName, qualifier: name, revisionId: alias.revisionId, arn };
  }
  throw new PaddockError("ResourceNotFoundException", `Cannot find alias arn: ${arn}`);
}

/**
 * Gives the target a new revision and tells the data plane. Returns the new one.
 *
 * @throws PaddockError PreconditionFailedException where another revision was expected
 */
export async function newRevision(
  context: OperationContext,
  target: Target,
  expected?: string,
): Promise<string> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const revisionId = isVersion(target.qualifier)
      ? await reviseVersion(context, target, expected)
      : await reviseAlias(context, target, expected);
    if (revisionId === undefined) continue;
    await context.mirror.publish(target.functionName);
    // Settling may have met the old revision and left the rest to us.
    context.mirror.settle(target.functionName);
    return revisionId;
  }
  throw conflict(`An update is in progress for resource: ${target.arn}`);
}

async function reviseVersion(
  context: OperationContext,
  { functionName, qualifier }: Target,
  expected: string | undefined,
): Promise<string | undefined> {
  const version = await context.store.readVersion(functionName, qualifier);
  if (version === undefined) return undefined;
  checkRevision(version, expected);
  const revisionId = context.stamp().newId();
  const written = await context.store.replace(version.revisionId, { ...version, revisionId });
  return written ? revisionId : undefined;
}

async function reviseAlias(
  context: OperationContext,
  { functionName, qualifier }: Target,
  expected: string | undefined,
): Promise<string | undefined> {
  const alias = await context.store.readAlias(functionName, qualifier);
  if (alias === undefined) return undefined;
  checkRevision(alias, expected);
  const revisionId = context.stamp().newId();
  const written = await context.store.replaceAlias(alias.revisionId, { ...alias, revisionId });
  return written ? revisionId : undefined;
}

function isVersion(qualifier: string): boolean {
  return qualifier === LATEST || /^\d+$/.test(qualifier);
}
