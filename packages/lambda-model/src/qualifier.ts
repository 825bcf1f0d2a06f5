import type { AliasRecord, FunctionRecord } from "@paddock/contracts";

const LATEST = "$LATEST";
const numberPattern = /^[0-9]+$/;

/**
 * The version that a qualifier leads to: `$LATEST` or a number, or undefined for an alias that does
 * not exist. Whether the version exists is for the caller to look up. An alias with two versions
 * draws one per call: `random` gives 0 ≤ x < 1, as Math.random does.
 */
export function resolveQualifier(
  record: Pick<FunctionRecord, "aliases">,
  qualifier: string | undefined,
  random: () => number,
): string | undefined {
  if (qualifier === undefined || qualifier === LATEST) return LATEST;
  if (numberPattern.test(qualifier)) return qualifier;
  // Not `aliases[qualifier]` alone: `constructor` is a valid alias name and no alias.
  if (!Object.hasOwn(record.aliases, qualifier)) return undefined;
  const alias = record.aliases[qualifier];
  return alias === undefined ? undefined : drawVersion(alias, random);
}

function drawVersion(alias: AliasRecord, random: () => number): string {
  const weights = Object.entries(alias.additionalVersionWeights);
  if (weights.length === 0) return alias.version;
  let left = random();
  for (const [version, weight] of weights) {
    if (left < weight) return version;
    left -= weight;
  }
  return alias.version;
}
