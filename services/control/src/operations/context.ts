import { functionArn, functionNotFound, type Scope } from "@paddock/lambda-model";
import type { UrlPlace } from "../core/function-url.ts";
import { type FunctionRow, type FunctionVersion, LATEST } from "../core/model.ts";
import type { Stamp } from "../core/transitions.ts";
import { conflict } from "../core/transitions.ts";
import type { CodeArchives, FunctionStore, LayerStore, Mirror, Workers } from "../ports.ts";

/** What the installation's settings allow. */
export interface AccountLimits {
  readonly concurrency: number;
  readonly codeBytes: number;
}

/** What every operation works with. */
export interface OperationContext {
  readonly scope: Scope;
  readonly store: FunctionStore;
  readonly layers: LayerStore;
  readonly code: CodeArchives;
  readonly workers: Workers;
  readonly mirror: Mirror;
  readonly stamp: () => Stamp;
  readonly account: AccountLimits;
  /** Where function URLs are. */
  readonly urls: UrlPlace;
  /** One change of a function at a time. */
  readonly exclusively: <Result>(
    functionName: string,
    task: () => Promise<Result>,
  ) => Promise<Result>;
  /** The presigned URL of an archive. */
  readonly codeLink: (sha256: string) => string;
}

/** Which function and version a request names. */
export interface Reference {
  readonly functionName: string;
  readonly qualifier?: string | undefined;
}

/** @throws PaddockError ResourceNotFoundException */
export async function requireLatest(
  context: OperationContext,
  functionName: string,
): Promise<FunctionVersion> {
  return requireVersion(context, { functionName });
}

/** @throws PaddockError ResourceNotFoundException */
export async function requireFunction(
  context: OperationContext,
  functionName: string,
): Promise<FunctionRow> {
  const row = await context.store.readFunction(functionName);
  if (row === undefined) throw functionNotFound(context.scope, functionName);
  return row;
}

/**
 * The version that a qualifier leads to; of an alias with two the one that it points to first.
 *
 * @throws PaddockError ResourceNotFoundException
 */
export async function requireVersion(
  context: OperationContext,
  { functionName, qualifier }: Reference,
): Promise<FunctionVersion> {
  const { store, scope } = context;
  const isVersion = qualifier === undefined || qualifier === LATEST || /^\d+$/.test(qualifier);
  const number = isVersion
    ? (qualifier ?? LATEST)
    : (await store.readAlias(functionName, qualifier))?.version;
  const version = number === undefined ? undefined : await store.readVersion(functionName, number);
  if (version === undefined) throw functionNotFound(scope, functionName, qualifier);
  return version;
}

/** Writes a changed `$LATEST`, tells the data plane, and settles the change in the background. */
export async function commitChange(
  context: OperationContext,
  change: {
    from: FunctionVersion;
    to: FunctionVersion;
    published?: readonly FunctionVersion[];
  },
): Promise<void> {
  const { from, to, published = [] } = change;
  const written = await context.store.replace(from.revisionId, to, published);
  if (!written) {
    const arn = functionArn(context.scope, from.functionName);
    throw conflict(`An update is in progress for resource: ${arn}`);
  }
  await context.mirror.publish(from.functionName);
  context.mirror.settle(from.functionName);
}
