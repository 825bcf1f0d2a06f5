/** Bounds of this package, each with its unit and its reason. */
export const iamLimits = {
  /** How far a client's clock may be off. AWS's error text names the same five minutes. */
  clockSkewMs: 5 * 60 * 1000,
  /** Longest life of a presigned URL: seven days. Source: SigV4 query parameters, X-Amz-Expires. */
  presignedExpiresSecondsMax: 604_800,
  /** Derived signing keys kept: one per access key, day, region and service in use. */
  signingKeyCacheEntries: 1024,
  /** A canonical request longer than this is not repeated in the error that explains it. */
  explainedCanonicalChars: 16 * 1024,
} as const;
