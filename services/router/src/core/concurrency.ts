import type { FunctionLookup } from "../ports.ts";

/**
 * Concurrency arithmetic. A function with reserved concurrency has that many for itself; all
 * others share what the account has left. The 100 that AWS keeps unreserved bind
 * PutFunctionConcurrency only. Source: ../shared/spec/lambda-spec.md §8.1.
 */
export interface ConcurrencyRule {
  /** Absent: the function draws on the pool. */
  readonly functionLimit?: number;
  readonly poolLimit: number;
  readonly reservedFunctions: readonly string[];
}

/** The rule for what may wait: it leaves a share of each limit to others, and one environment at least. */
export function withHeadroom(rule: ConcurrencyRule, share: number): ConcurrencyRule {
  const lowered = (limit: number): number =>
    Math.max(0, Math.min(limit - 1, Math.floor(limit * (1 - share))));
  return {
    poolLimit: lowered(rule.poolLimit),
    reservedFunctions: rule.reservedFunctions,
    ...(rule.functionLimit === undefined ? {} : { functionLimit: lowered(rule.functionLimit) }),
  };
}

export function concurrencyRule(
  functions: FunctionLookup,
  functionName: string,
  accountConcurrency: number,
): ConcurrencyRule {
  const reservedFunctions: string[] = [];
  let reserved = 0;
  for (const record of functions.functions()) {
    if (record.reservedConcurrency === undefined) continue;
    reservedFunctions.push(record.functionName);
    reserved += record.reservedConcurrency;
  }
  const functionLimit = functions.getFunction(functionName)?.reservedConcurrency;
  return {
    poolLimit: Math.max(0, accountConcurrency - reserved),
    reservedFunctions,
    ...(functionLimit === undefined ? {} : { functionLimit }),
  };
}
