/**
 * What AWS would have charged: list prices of us-east-1 in US dollars, without the free tier.
 * The one place where prices stand. Source: https://aws.amazon.com/lambda/pricing/, as collected in
 * ../shared/spec/lambda-spec.md §9 (ephemeral storage: unverified there).
 */
export interface PriceTier {
  /** GB-seconds of a month up to which this tier's price holds. */
  readonly upToGbSeconds: number;
  readonly usdPerGbSecond: number;
}

const BILLION = 1e9;

export const prices = {
  region: "us-east-1",
  currency: "USD",
  usdPerRequest: 0.2 / 1e6,
  duration: {
    x86_64: [
      { upToGbSeconds: 6 * BILLION, usdPerGbSecond: 0.0000166667 },
      { upToGbSeconds: 15 * BILLION, usdPerGbSecond: 0.000015 },
      { upToGbSeconds: Infinity, usdPerGbSecond: 0.0000133334 },
    ],
    arm64: [
      { upToGbSeconds: 7.5 * BILLION, usdPerGbSecond: 0.0000133334 },
      { upToGbSeconds: 18.75 * BILLION, usdPerGbSecond: 0.0000120001 },
      { upToGbSeconds: Infinity, usdPerGbSecond: 0.0000106667 },
    ],
  },
  usdPerEphemeralStorageGbSecond: 0.0000000309,
} as const satisfies {
  readonly duration: Readonly<Record<"x86_64" | "arm64", readonly PriceTier[]>>;
  readonly [name: string]: unknown;
};

/** A month's usage of a whole account, the unit in which AWS counts tiers. */
export interface BilledUsage {
  readonly requests: number;
  /** By architecture; absent is none. */
  readonly gbSeconds: { readonly x86_64?: number; readonly arm64?: number };
  /** GB-seconds of /tmp beyond 512 MB. */
  readonly ephemeralStorageGbSeconds?: number;
}

/** US dollars, not rounded. */
export interface ListPrice {
  readonly requestsUsd: number;
  readonly durationUsd: number;
  readonly ephemeralStorageUsd: number;
  readonly totalUsd: number;
}

export function listPrice(usage: BilledUsage): ListPrice {
  const requestsUsd = usage.requests * prices.usdPerRequest;
  const durationUsd =
    tieredUsd(usage.gbSeconds.x86_64 ?? 0, prices.duration.x86_64) +
    tieredUsd(usage.gbSeconds.arm64 ?? 0, prices.duration.arm64);
  const ephemeralStorageUsd =
    (usage.ephemeralStorageGbSeconds ?? 0) * prices.usdPerEphemeralStorageGbSecond;
  const totalUsd = requestsUsd + durationUsd + ephemeralStorageUsd;
  return { requestsUsd, durationUsd, ephemeralStorageUsd, totalUsd };
}

function tieredUsd(gbSeconds: number, tiers: readonly PriceTier[]): number {
  let usd = 0;
  let tierBegins = 0;
  for (const { upToGbSeconds, usdPerGbSecond } of tiers) {
    const inTier = Math.min(gbSeconds, upToGbSeconds) - tierBegins;
    if (inTier <= 0) break;
    usd += inTier * usdPerGbSecond;
    tierBegins = upToGbSeconds;
  }
  return usd;
}
