import { functionNotFound } from "@paddock/lambda-model";
import { invalid } from "../core/configuration.ts";
import { LATEST } from "../core/model.ts";
import { type OperationContext, type Reference, requireVersion } from "./context.ts";

/** Without a qualifier the whole function; its triggers stay, as event source mappings do on AWS. */
export async function deleteFunction(
  context: OperationContext,
  reference: Reference,
): Promise<void> {
  const { functionName, qualifier } = reference;
  return context.exclusively(functionName, async () => {
    if (qualifier === undefined) {
      const deleted = await context.store.deleteFunction(functionName);
      if (!deleted) throw functionNotFound(context.scope, functionName);
    } else {
      const version = await requireVersion(context, reference);
      if (version.version === LATEST) {
        throw invalid("$LATEST version cannot be deleted without deleting the function.");
      }
      await context.store.deleteVersion(functionName, version.version);
    }
    await context.mirror.publish(functionName);
  });
}
