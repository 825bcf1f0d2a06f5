/**
 * What a handler returned → the HTTP answer of its URL.
 * Source: ../shared/spec/lambda-spec.md §7.1, "Response handling".
 */
export interface UrlAnswer {
  readonly status: number;
  /** Flat: name, value, name, value. */
  readonly headers: readonly string[];
  readonly body: Uint8Array;
}

/** A function that failed, or returned what is no answer. */
export const badGateway: UrlAnswer = {
  status: 502,
  headers: ["Content-Type", "application/json"],
  body: Buffer.from("Internal Server Error"),
};

export function urlAnswer(payload: Uint8Array): UrlAnswer {
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString();
  let result: unknown;
  try {
    result = JSON.parse(text);
  } catch {
    return badGateway;
  }
  if (isRecord(result) && "statusCode" in result) return structured(result);
  // A text is sent as it is, anything else as compact JSON.
  const body = typeof result === "string" ? result : compact(text);
  return { status: 200, headers: [...jsonType], body: Buffer.from(body) };
}

const jsonType = ["Content-Type", "application/json"] as const;

function structured(result: Record<string, unknown>): UrlAnswer {
  const { statusCode, headers = {}, cookies = [], body, isBase64Encoded } = result;
  const isStatus =
    typeof statusCode === "number" &&
    Number.isInteger(statusCode) &&
    statusCode >= 100 &&
    statusCode <= 599;
  const given = readHeaders(headers);
  const sent = readCookies(cookies);
  if (!isStatus || given === undefined || sent === undefined) return badGateway;
  const hasType = given.some((name, at) => at % 2 === 0 && name.toLowerCase() === "content-type");
  return {
    status: statusCode,
    headers: [...(hasType ? [] : jsonType), ...given, ...sent],
    body: bytesOf(body, isBase64Encoded === true),
  };
}

function bytesOf(body: unknown, isBase64: boolean): Uint8Array {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body !== "string") return Buffer.from(JSON.stringify(body));
  return Buffer.from(body, isBase64 ? "base64" : "utf8");
}

/** Those that belong to the connection, or to this server, are sent under another name. */
const remapped = new Set([
  "connection",
  "content-length",
  "date",
  "keep-alive",
  "proxy-authenticate",
  "server",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "via",
  "www-authenticate",
]);
const headerName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// oxlint-disable-next-line no-control-regex -- what may not be in a header is control characters.
const forbiddenInValue = /[\u0000-\u0008\u000a-\u001f\u007f]|[^\u0000-\u00ff]/;

function readHeaders(headers: unknown): string[] | undefined {
  if (headers === null) return [];
  if (!isRecord(headers)) return undefined;
  const flat: string[] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (value === null) continue;
    if (!["string", "number", "boolean"].includes(typeof value)) return undefined;
    const text = String(value as string | number | boolean);
    if (!headerName.test(name) || forbiddenInValue.test(text)) return undefined;
    const isRemapped = remapped.has(name.toLowerCase());
    flat.push(isRemapped ? `x-amzn-Remapped-${name}` : name, text);
  }
  return flat;
}

function readCookies(cookies: unknown): string[] | undefined {
  if (cookies === null) return [];
  if (!Array.isArray(cookies)) return undefined;
  const flat: string[] = [];
  for (const cookie of cookies as unknown[]) {
    if (typeof cookie !== "string" || forbiddenInValue.test(cookie)) return undefined;
    flat.push("Set-Cookie", cookie);
  }
  return flat;
}

/** Without the space between its tokens; numbers stay as the function wrote them. */
function compact(json: string): string {
  return json.replaceAll(/"(?:[^"\\]|\\.)*"|\s+/g, (token) => (token.startsWith('"') ? token : ""));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
