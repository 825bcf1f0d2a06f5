import type { AwsRuntimeManagementConfig } from "@paddock/contracts/aws";
import { functionArn } from "@paddock/lambda-model";
import { invalid } from "../core/configuration.ts";
import { LATEST } from "../core/model.ts";
import {
  type OperationContext,
  type Reference,
  requireFunction,
  requireVersion,
} from "./context.ts";

type RecursiveLoop = "Allow" | "Terminate";

/** Loops are found where AWS's queues, topics and buckets invoke a function: none of them is here. */
export async function putRecursionConfig(
  context: OperationContext,
  functionName: string,
  recursiveLoop: RecursiveLoop,
): Promise<{ RecursiveLoop: RecursiveLoop }> {
  await context.exclusively(functionName, async () => {
    await requireFunction(context, functionName);
    const key = { functionName, kind: "recursion", qualifier: LATEST } as const;
    await context.store.writeSetting({ ...key, document: { recursiveLoop } });
  });
  return { RecursiveLoop: recursiveLoop };
}

export async function getRecursionConfig(
  context: OperationContext,
  functionName: string,
): Promise<{ RecursiveLoop: RecursiveLoop }> {
  await requireFunction(context, functionName);
  const key = { functionName, kind: "recursion", qualifier: LATEST } as const;
  const setting = await context.store.readSetting(key);
  return { RecursiveLoop: setting?.document.recursiveLoop ?? "Terminate" };
}

/** A function runs on the runtime that its machine has: what AWS calls Auto, and nothing else. */
export async function putRuntimeManagement(
  context: OperationContext,
  reference: Reference,
  updateRuntimeOn: string,
): Promise<AwsRuntimeManagementConfig> {
  if (updateRuntimeOn !== "Auto") {
    throw invalid(
      `UpdateRuntimeOn ${updateRuntimeOn} is not offered by this version of Paddock: functions run on the runtime that is installed.`,
    );
  }
  return getRuntimeManagement(context, reference);
}

export async function getRuntimeManagement(
  context: OperationContext,
  reference: Reference,
): Promise<AwsRuntimeManagementConfig> {
  const { functionName, version } = await requireVersion(context, reference);
  return {
    UpdateRuntimeOn: "Auto",
    FunctionArn: functionArn(context.scope, functionName, reference.qualifier ?? version),
  };
}

/** No function has one, which AWS tells by an empty answer. */
export async function getCodeSigning(
  context: OperationContext,
  functionName: string,
): Promise<Record<string, never>> {
  await requireFunction(context, functionName);
  return {};
}
