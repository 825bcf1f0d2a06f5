import { limits } from "@paddock/contracts";
import type { AnswerOf, ControlOperations } from "@paddock/contracts/aws";
import { functionNotFound } from "@paddock/lambda-model";
import { invalid } from "../core/configuration.ts";
import { LATEST } from "../core/model.ts";
import { type OperationContext, type Reference, requireFunction } from "./context.ts";

type Concurrency = AnswerOf<ControlOperations["GetFunctionConcurrency"]>;

/** Reservations are the account's as a whole: one at a time. No function has this name. */
const RESERVATIONS = "*";

export async function putFunctionConcurrency(
  context: OperationContext,
  reference: Reference,
  asked: number,
): Promise<Concurrency> {
  const functionName = unqualified(reference);
  return context.exclusively(RESERVATIONS, async () => {
    if ((await context.store.readFunction(functionName)) === undefined) {
      // AWS names it so in this one of the three operations.
      throw functionNotFound(context.scope, functionName, LATEST);
    }
    const others = await context.store.sumReservedConcurrency(functionName);
    const unreserved = context.account.concurrency - others - asked;
    if (asked > 0 && unreserved < limits.unreservedConcurrencyMin) {
      throw invalid(
        `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${limits.unreservedConcurrencyMin}].`,
      );
    }
    await write(context, functionName, asked);
    return { ReservedConcurrentExecutions: asked };
  });
}

export async function getFunctionConcurrency(
  context: OperationContext,
  reference: Reference,
): Promise<Concurrency> {
  const { reservedConcurrency } = await requireFunction(context, unqualified(reference));
  return reservedConcurrency === null ? {} : { ReservedConcurrentExecutions: reservedConcurrency };
}

export async function deleteFunctionConcurrency(
  context: OperationContext,
  reference: Reference,
): Promise<void> {
  const functionName = unqualified(reference);
  await context.exclusively(RESERVATIONS, () => write(context, functionName, null));
}

async function write(
  context: OperationContext,
  functionName: string,
  value: number | null,
): Promise<void> {
  await context.exclusively(functionName, async () => {
    const isThere = await context.store.setReservedConcurrency(functionName, value);
    if (!isThere) throw functionNotFound(context.scope, functionName);
    await context.mirror.publish(functionName);
  });
}

function unqualified({ functionName, qualifier }: Reference): string {
  if (qualifier === undefined) return functionName;
  throw invalid(
    "This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.",
  );
}
