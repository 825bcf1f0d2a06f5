import type { CorsRules } from "@paddock/contracts";

/**
 * What a function URL with CORS answers to browsers of other origins.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-cors
 */

/** Headers of an answer, flat; none where the origin is not allowed. */
export function corsHeaders(rules: CorsRules, origin: string | undefined): string[] {
  const allowed = allowedOrigin(rules, origin);
  if (allowed === undefined) return [];
  const expose = rules.exposeHeaders ?? [];
  return [
    ...["Access-Control-Allow-Origin", allowed],
    ...(allowed === "*" ? [] : ["Vary", "Origin"]),
    ...(rules.allowCredentials === true ? ["Access-Control-Allow-Credentials", "true"] : []),
    ...(expose.length === 0 ? [] : ["Access-Control-Expose-Headers", expose.join(",")]),
  ];
}

/** Headers of the answer to a preflight, which no function sees. */
export function preflightHeaders(rules: CorsRules, origin: string | undefined): string[] {
  const headers = corsHeaders(rules, origin);
  if (headers.length === 0) return [];
  const methods = rules.allowMethods ?? [];
  const allowHeaders = rules.allowHeaders ?? [];
  return [
    ...headers,
    ...(methods.length === 0 ? [] : ["Access-Control-Allow-Methods", methods.join(",")]),
    ...(allowHeaders.length === 0 ? [] : ["Access-Control-Allow-Headers", allowHeaders.join(",")]),
    ...(rules.maxAgeSeconds === undefined
      ? []
      : ["Access-Control-Max-Age", String(rules.maxAgeSeconds)]),
  ];
}

export function isPreflight(method: string, headers: Readonly<Record<string, unknown>>): boolean {
  return (
    method === "OPTIONS" &&
    headers["origin"] !== undefined &&
    headers["access-control-request-method"] !== undefined
  );
}

/** `*` for everybody; with credentials browsers take no `*`, so the origin itself is named. */
function allowedOrigin(rules: CorsRules, origin: string | undefined): string | undefined {
  if (origin === undefined) return undefined;
  const patterns = rules.allowOrigins ?? [];
  if (patterns.includes("*")) return rules.allowCredentials === true ? origin : "*";
  const isAllowed = patterns.some((pattern) =>
    pattern.endsWith("*") ? origin.startsWith(pattern.slice(0, -1)) : origin === pattern,
  );
  return isAllowed ? origin : undefined;
}
