import { functionNotFound } from "@paddock/lambda-model";
import { isAliasOf } from "../core/alias.ts";
import { invalid } from "../core/configuration.ts";
import { LATEST } from "../core/model.ts";
import { resourceConflict } from "../core/transitions.ts";
import { type OperationContext, type Reference, requireFunction } from "./context.ts";

/** Without a qualifier the whole function; its triggers stay, as event source mappings do on AWS. */
export async function deleteFunction(
  context: OperationContext,
  { functionName, qualifier }: Reference,
): Promise<void> {
  return context.exclusively(functionName, async () => {
    if (qualifier === undefined) {
      const deleted = await context.store.deleteFunction(functionName);
      if (!deleted) throw functionNotFound(context.scope, functionName);
    } else {
      await deleteVersion(context, functionName, qualifier);
    }
    await context.mirror.publish(functionName);
  });
}

/** Deleting a version that is not there is no error, as on AWS. */
async function deleteVersion(
  context: OperationContext,
  functionName: string,
  version: string,
): Promise<void> {
  if (version === LATEST) {
    throw invalid("$LATEST version cannot be deleted without deleting the function.");
  }
  if (!/^\d+$/.test(version)) throw invalid("Deletion of aliases is not currently supported.");
  await requireFunction(context, functionName);
  const whole = await context.store.readWhole(functionName);
  const aliases = whole?.aliases.filter((alias) => isAliasOf(alias, version)) ?? [];
  if (aliases.length > 0) {
    const names = aliases.map(({ name }) => name).join(", ");
    throw resourceConflict(
      `Unable to delete version because the following aliases reference it: [${names}]`,
    );
  }
  await context.store.deleteVersion(functionName, version);
}
