/** A request to a function URL as an event of payload format 2.0. README.md has the rules. */

export interface UrlRequest {
  readonly urlId: string;
  /** Name in the URL, without a port. */
  readonly domainName: string;
  readonly method: string;
  /** Path and query, exactly as on the request line. */
  readonly target: string;
  /** Raw headers, flat: name, value, name, value. */
  readonly headers: readonly string[];
  readonly body: Uint8Array;
  readonly connection: {
    readonly sourceIp: string;
    readonly port: number;
    readonly protocol: "http" | "https";
  };
  readonly requestId: string;
  readonly traceHeader: string;
  readonly timeMs: number;
  /** Who signed the request; absent where nobody had to. */
  readonly caller?: {
    readonly accessKeyId: string;
    readonly accountId: string;
    readonly arn: string;
  };
}

/** JSON text. */
export function translateUrlRequest(request: UrlRequest): string {
  const mark = request.target.indexOf("?");
  const path = decodePath(mark === -1 ? request.target : request.target.slice(0, mark));
  const query = mark === -1 ? "" : request.target.slice(mark + 1);
  const { headers, cookies } = readHeaders(request);
  const parameters = readQuery(query);
  return JSON.stringify({
    version: "2.0",
    routeKey: "$default",
    rawPath: path,
    rawQueryString: query,
    ...(cookies.length === 0 ? {} : { cookies }),
    headers,
    ...(Object.keys(parameters).length === 0 ? {} : { queryStringParameters: parameters }),
    requestContext: contextOf(request, path, headers["user-agent"]),
    ...bodyOf(request.body, headers["content-type"]),
  });
}

function contextOf(request: UrlRequest, path: string, userAgent: string | undefined) {
  const { urlId, domainName, method, connection, requestId, timeMs, caller } = request;
  return {
    accountId: caller?.accountId ?? "anonymous",
    apiId: urlId,
    domainName,
    domainPrefix: urlId,
    ...(caller === undefined ? {} : { authorizer: { iam: iamOf(caller) } }),
    http: {
      method,
      path,
      protocol: "HTTP/1.1",
      sourceIp: connection.sourceIp,
      userAgent: userAgent ?? null,
    },
    requestId,
    routeKey: "$default",
    stage: "$default",
    time: clfTime(timeMs),
    timeEpoch: timeMs,
  };
}

function iamOf({ accessKeyId, accountId, arn }: NonNullable<UrlRequest["caller"]>) {
  return {
    accessKey: accessKeyId,
    accountId,
    callerId: accountId,
    cognitoIdentity: null,
    principalOrgId: null,
    userArn: arn,
    userId: accountId,
  };
}

function readHeaders(request: UrlRequest) {
  const headers = new Map<string, string>();
  const cookies: string[] = [];
  for (let at = 0; at + 1 < request.headers.length; at += 2) {
    const name = (request.headers[at] ?? "").toLowerCase();
    const value = request.headers[at + 1] ?? "";
    if (name === "cookie") cookies.push(...value.split(/;\s*/).filter((each) => each !== ""));
    else append(headers, name, value);
  }
  const { sourceIp, port, protocol } = request.connection;
  headers.set("x-amzn-trace-id", request.traceHeader);
  headers.set("x-forwarded-for", sourceIp);
  headers.set("x-forwarded-port", String(port));
  headers.set("x-forwarded-proto", protocol);
  return { headers: Object.fromEntries(headers), cookies };
}

/** A header or a parameter may have any name, so that maps and no objects are made of them. */
function append(values: Map<string, string>, name: string, value: string): void {
  const before = values.get(name);
  values.set(name, before === undefined ? value : `${before},${value}`);
}

function readQuery(query: string): Record<string, string> {
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) append(parameters, name, value);
  return Object.fromEntries(parameters);
}

function decodePath(path: string): string {
  return path.replaceAll(/(?:%[0-9a-fA-F]{2})+/g, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded;
    }
  });
}

const TEXT_TYPES =
  /^(text\/.*|application\/(json|javascript|xml|x-www-form-urlencoded|.*\+(json|xml)))$/i;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function bodyOf(body: Uint8Array, contentType: string | undefined) {
  if (body.length === 0) return { isBase64Encoded: false };
  const type = contentType?.split(";", 1)[0]?.trim() ?? "";
  const text = TEXT_TYPES.test(type) ? decode(body) : undefined;
  return text === undefined
    ? { body: Buffer.from(body).toString("base64"), isBase64Encoded: true }
    : { body: text, isBase64Encoded: false };
}

function decode(body: Uint8Array): string | undefined {
  try {
    return decoder.decode(body);
  } catch {
    return undefined;
  }
}

const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** `12/Mar/2020:19:03:58 +0000` */
function clfTime(ms: number): string {
  const [date = "", time = ""] = new Date(ms).toISOString().split("T");
  const [year = "", month = "", day = ""] = date.split("-");
  return `${day}/${months[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
}
