/** Plain HTTP, signed as AWS documents it and independently of Paddock's own signer. */
import { createHash, createHmac } from "node:crypto";
import { inject } from "vitest";

export const paddock = inject("paddock");

export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  /** Signed instead of the endpoint's own; for `sign` only. */
  readonly host?: string;
}

export interface RawResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** What a test changes of a signed request to see it refused. */
export interface Tampering {
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly date?: Date;
  /** Sent instead of the body that was signed. */
  readonly sentBody?: string;
}

/** Signs a request and sends it. */
export async function sendSigned(
  request: RawRequest,
  tampering: Tampering = {},
): Promise<RawResponse> {
  const body = request.body ?? "";
  const headers = sign(request, body, tampering);
  return send({ ...request, headers, body: tampering.sentBody ?? body });
}

export async function send(request: RawRequest): Promise<RawResponse> {
  const query = canonicalQuery(request.query);
  const response = await fetch(`${paddock.endpoint}${request.path}${query && `?${query}`}`, {
    method: request.method,
    headers: { ...request.headers },
    ...(request.method === "GET" ? {} : { body: request.body ?? "" }),
  });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

/** The headers of a request, signed. */
export function sign(request: RawRequest, body: string | Uint8Array, tampering: Tampering = {}) {
  const stamp = (tampering.date ?? new Date()).toISOString().replaceAll(/[-:]|\.\d{3}/g, "");
  const scope = `${stamp.slice(0, 8)}/${paddock.region}/lambda/aws4_request`;
  const headers: Record<string, string> = {
    ...request.headers,
    host: request.host ?? new URL(paddock.endpoint).host,
    "x-amz-date": stamp,
  };
  const names = Object.keys(headers)
    .map((name) => name.toLowerCase())
    .sort();
  const lowered = new Map(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const canonical = [
    request.method,
    // Every service but S3 encodes the path a second time.
    request.path.split("/").map(encodeURIComponent).join("/"),
    canonicalQuery(request.query),
    ...names.map((name) => `${name}:${lowered.get(name)?.trim()}`),
    "",
    names.join(";"),
    sha256(body),
  ].join("\n");
  const text = ["AWS4-HMAC-SHA256", stamp, scope, sha256(canonical)].join("\n");
  const secret = tampering.secretAccessKey ?? paddock.secretAccessKey;
  const key = [...scope.split("/")].reduce<string | Buffer>(
    (parent, part) => createHmac("sha256", parent).update(part).digest(),
    `AWS4${secret}`,
  );
  const signature = createHmac("sha256", key).update(text).digest("hex");
  const credential = `${tampering.accessKeyId ?? paddock.accessKeyId}/${scope}`;
  const { host: _host, ...sent } = headers;
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(";")}, Signature=${signature}`,
  };
}

function canonicalQuery(query: Readonly<Record<string, string>> = {}): string {
  return Object.entries(query)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join("&");
}

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
