import type { UsageReport } from "@paddock/contracts/admin";
import { listPrice } from "@paddock/lambda-model";

/** Sums of one function on one architecture, as the ledger gives them. */
export interface UsageSum {
  readonly functionName: string;
  readonly architecture: "x86_64" | "arm64";
  readonly requests: number;
  readonly errors: number;
  readonly coldStarts: number;
  readonly billedMs: number;
  readonly gbSeconds: number;
  readonly storageGbSeconds: number;
}

/**
 * The report with what AWS's list price would have been. The total is priced as one account, so with
 * AWS's tiers it may be less than the sum of its lines.
 */
export function toUsageReport(
  sums: readonly UsageSum[],
  period: { sinceMs: number | undefined; untilMs: number },
): UsageReport {
  const functions = sums.map(({ storageGbSeconds: _storage, ...sum }, index) => ({
    ...sum,
    listPriceUsd: priceOf(sums.slice(index, index + 1)),
  }));
  return {
    ...(period.sinceMs === undefined ? {} : { sinceMs: period.sinceMs }),
    untilMs: period.untilMs,
    functions,
    total: {
      requests: total(sums, "requests"),
      errors: total(sums, "errors"),
      coldStarts: total(sums, "coldStarts"),
      billedMs: total(sums, "billedMs"),
      gbSeconds: total(sums, "gbSeconds"),
      listPriceUsd: priceOf(sums),
    },
  };
}

type Figure = Exclude<keyof UsageSum, "functionName" | "architecture">;

function total(sums: readonly UsageSum[], figure: Figure): number {
  return sums.reduce((sum, usage) => sum + usage[figure], 0);
}

function priceOf(sums: readonly UsageSum[]): number {
  const on = (architecture: string) => sums.filter((sum) => sum.architecture === architecture);
  return listPrice({
    requests: total(sums, "requests"),
    gbSeconds: {
      x86_64: total(on("x86_64"), "gbSeconds"),
      arm64: total(on("arm64"), "gbSeconds"),
    },
    ephemeralStorageGbSeconds: total(sums, "storageGbSeconds"),
  }).totalUsd;
}
