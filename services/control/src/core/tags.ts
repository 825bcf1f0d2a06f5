import { controlLimits } from "../limits.ts";
import { invalid } from "./configuration.ts";

export type Tags = Record<string, string>;

/** @throws PaddockError InvalidParameterValueException for too many */
export function checkTags(tags: Tags): Tags {
  if (Object.keys(tags).length <= controlLimits.tags) return tags;
  throw invalid("Number of tags exceeds resource tag limit.");
}

export function withTags(current: Tags, added: Tags): Tags {
  if (Object.keys(added).length === 0) {
    // AWS's own text for it.
    throw invalid("An error occurred and the request cannot be processed.");
  }
  return checkTags({ ...current, ...added });
}

export function withoutTags(current: Tags, keys: readonly string[]): Tags {
  return Object.fromEntries(Object.entries(current).filter(([key]) => !keys.includes(key)));
}
