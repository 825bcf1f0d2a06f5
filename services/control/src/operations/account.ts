import { limits, PaddockError } from "@paddock/contracts";
import type { AnswerOf, ControlOperations } from "@paddock/contracts/aws";
import type { OperationContext } from "./context.ts";

export async function getAccountSettings(
  context: OperationContext,
): Promise<AnswerOf<ControlOperations["GetAccountSettings"]>> {
  const { account, store } = context;
  const [reserved, codeBytes, functions] = await Promise.all([
    store.sumReservedConcurrency(),
    store.sumCodeBytes(),
    store.countFunctions(),
  ]);
  return {
    AccountLimit: {
      TotalCodeSize: account.codeBytes,
      CodeSizeUnzipped: limits.unzippedCodeBytes,
      CodeSizeZipped: limits.zippedCodeBytes,
      ConcurrentExecutions: account.concurrency,
      UnreservedConcurrentExecutions: account.concurrency - reserved,
    },
    AccountUsage: { TotalCodeSize: codeBytes, FunctionCount: functions },
  };
}

/** @throws PaddockError CodeStorageExceededException where so many bytes more are too many. */
export async function checkCodeStorage(context: OperationContext, bytes: number): Promise<void> {
  if ((await context.store.sumCodeBytes()) + bytes <= context.account.codeBytes) return;
  throw new PaddockError("CodeStorageExceededException", "Code storage limit exceeded.");
}
