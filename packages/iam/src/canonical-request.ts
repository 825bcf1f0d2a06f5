import { percentDecode, percentEncode, percentEncodePath } from "./encoding.ts";

/**
 * The canonical request of SigV4, made from what came over the wire.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export interface CanonicalRequestParts {
  readonly method: string;
  /** Raw request target: path and query, as on the request line. */
  readonly target: string;
  readonly headers: CombinedHeaders;
  /** Lower-case names, joined by `;`, in the order in which they were signed. */
  readonly signedHeaders: string;
  /** Lower-case hex. */
  readonly payloadSha256: string;
}

/** Lower-case name → value, repeated headers joined by `,`. */
export type CombinedHeaders = ReadonlyMap<string, string>;

export function canonicalRequest(parts: CanonicalRequestParts): string {
  const { path, query } = splitTarget(parts.target);
  let headerLines = "";
  for (const name of parts.signedHeaders.split(";")) {
    headerLines += `${name}:${parts.headers.get(name) ?? ""}\n`;
  }
  return `${parts.method}\n${canonicalPath(path)}\n${canonicalQuery(query)}\n${headerLines}\n${parts.signedHeaders}\n${parts.payloadSha256}`;
}

export function splitTarget(target: string): { readonly path: string; readonly query: string } {
  const mark = target.indexOf("?");
  return mark === -1
    ? { path: target, query: "" }
    : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

/**
 * Values as they are signed: trimmed, inner runs of spaces made one.
 * `rawHeaders` is Node's flat list: name, value, name, value.
 */
export function combineHeaders(rawHeaders: readonly string[]): CombinedHeaders {
  const combined = new Map<string, string>();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? "").toLowerCase();
    const value = canonicalValue(rawHeaders[at + 1] ?? "");
    const before = combined.get(name);
    combined.set(name, before === undefined ? value : `${before},${value}`);
  }
  return combined;
}

function canonicalValue(value: string): string {
  const trimmed = value.trim();
  return trimmed.includes("  ") ? trimmed.replaceAll(/ +/g, " ") : trimmed;
}

/** Dot segments and empty segments removed, then encoded once more over the wire form. */
export function canonicalPath(path: string): string {
  if (!/\/(?:\.{0,2})(?:\/|$)/.test(path)) return percentEncodePath(path);
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment === "..") segments.pop();
    else segments.push(segment);
  }
  const trailing = segments.length > 0 && path.endsWith("/") ? "/" : "";
  return percentEncodePath(`/${segments.join("/")}${trailing}`);
}

/** Pairs sorted by encoded name, then by encoded value; without the signature itself. */
export function canonicalQuery(query: string): string {
  if (query === "") return "";
  const pairs: [string, string][] = [];
  for (const pair of query.split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const name = equals === -1 ? pair : pair.slice(0, equals);
    const value = equals === -1 ? "" : pair.slice(equals + 1);
    if (name === "X-Amz-Signature") continue;
    pairs.push([normalise(name), normalise(value)]);
  }
  pairs.sort(([nameA, valueA], [nameB, valueB]) =>
    nameA === nameB ? compare(valueA, valueB) : compare(nameA, nameB),
  );
  return pairs.map(([name, value]) => `${name}=${value}`).join("&");
}

function normalise(encoded: string): string {
  return percentEncode(percentDecode(encoded));
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
