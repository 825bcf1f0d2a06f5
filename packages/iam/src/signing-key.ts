import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { iamLimits } from "./limits.ts";

/** What a signature is scoped to: `<date>/<region>/<service>/aws4_request`. */
export interface SigningScope {
  /** `YYYYMMDD` */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

interface CachedKey {
  readonly secretAccessKey: string;
  readonly key: KeyObject;
}

/**
 * Derived keys, the least recently used first (a Map keeps the order of insertion). Deriving one
 * takes four HMACs; it stays the same for a day. A changed secret under the same access key is
 * noticed, because the entry remembers the secret that it was made from.
 */
const cache = new Map<string, CachedKey>();

export function signingKey(
  accessKeyId: string,
  secretAccessKey: string,
  scope: SigningScope,
): KeyObject {
  const id = `${accessKeyId}/${scope.date}/${scope.region}/${scope.service}`;
  const found = cache.get(id);
  if (found !== undefined && found.secretAccessKey === secretAccessKey) {
    cache.delete(id);
    cache.set(id, found);
    return found.key;
  }
  const key = deriveKey(secretAccessKey, scope);
  cache.set(id, { secretAccessKey, key });
  if (cache.size > iamLimits.signingKeyCacheEntries) {
    const oldest = cache.keys().next();
    if (oldest.done !== true) cache.delete(oldest.value);
  }
  return key;
}

/** For tests: how many derived keys are held. */
export function signingKeyCacheSize(): number {
  return cache.size;
}

function deriveKey(secretAccessKey: string, scope: SigningScope): KeyObject {
  let key: Uint8Array = Buffer.from(`AWS4${secretAccessKey}`, "utf8");
  for (const part of [scope.date, scope.region, scope.service, "aws4_request"]) {
    key = createHmac("sha256", key).update(part).digest();
  }
  return createSecretKey(key);
}
