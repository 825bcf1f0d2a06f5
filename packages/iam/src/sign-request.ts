import { combineHeaders } from "./canonical-request.ts";
import { formatAmzDate } from "./dates.ts";
import { percentEncode, utf8AsLatin1 } from "./encoding.ts";
import { algorithm, calculateSignature, emptySha256, scopeText, sha256Hex } from "./signature.ts";
import type { SigningScope } from "./signing-key.ts";

export interface SigningCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface RequestToSign {
  readonly method: string;
  /** Path and query as they will be sent. */
  readonly target: string;
  /** Flat: name, value, name, value; `Host` has to be among them. All are signed. */
  readonly headers: readonly string[];
  readonly body: Uint8Array;
  readonly credentials: SigningCredentials;
  readonly region: string;
  readonly service: string;
  readonly nowMs: number;
}

/** The headers to send: the given ones, then `X-Amz-Date`, the token if any and `Authorization`. */
export function signRequest(request: RequestToSign): string[] {
  const { credentials } = request;
  const { amzDate, scope } = scopeOf(request);
  const sent = [...request.headers, "X-Amz-Date", amzDate];
  if (credentials.sessionToken !== undefined) {
    sent.push("X-Amz-Security-Token", credentials.sessionToken);
  }
  const headers = combineHeaders(sent);
  const signedHeaders = [...headers.keys()].toSorted().join(";");
  const { signature } = calculateSignature(
    {
      method: request.method,
      target: request.target,
      headers,
      signedHeaders,
      payloadSha256: sha256Hex(request.body),
    },
    amzDate,
    scope,
    credentials,
  );
  const credential = `${credentials.accessKeyId}/${scopeText(scope)}`;
  sent.push(
    "Authorization",
    `${algorithm} Credential=${credential}, SignedHeaders=${signedHeaders}, Signature=${signature.toString("hex")}`,
  );
  return sent;
}

export interface RequestToPresign extends Omit<RequestToSign, "headers" | "body"> {
  /** Value of the Host header that the client will send, with the port where there is one. */
  readonly host: string;
  /** Seconds, at most 604,800. */
  readonly expiresSeconds: number;
}

/** The target with the signature in its query: whoever has it may send the request until it expires. */
export function presignRequest(request: RequestToPresign): string {
  const { credentials } = request;
  const { amzDate, scope } = scopeOf(request);
  const parameters: [string, string][] = [
    ["X-Amz-Algorithm", algorithm],
    ["X-Amz-Credential", `${credentials.accessKeyId}/${scopeText(scope)}`],
    ["X-Amz-Date", amzDate],
    ["X-Amz-Expires", String(request.expiresSeconds)],
    ["X-Amz-SignedHeaders", "host"],
  ];
  if (credentials.sessionToken !== undefined) {
    parameters.push(["X-Amz-Security-Token", credentials.sessionToken]);
  }
  const added = parameters
    .map(([name, value]) => `${name}=${percentEncode(utf8AsLatin1(value))}`)
    .join("&");
  const target = `${request.target}${request.target.includes("?") ? "&" : "?"}${added}`;
  const { signature } = calculateSignature(
    {
      method: request.method,
      target,
      headers: new Map([["host", request.host]]),
      signedHeaders: "host",
      payloadSha256: emptySha256,
    },
    amzDate,
    scope,
    credentials,
  );
  return `${target}&X-Amz-Signature=${signature.toString("hex")}`;
}

function scopeOf(request: {
  readonly nowMs: number;
  readonly region: string;
  readonly service: string;
}): { amzDate: string; scope: SigningScope } {
  const amzDate = formatAmzDate(request.nowMs);
  const { region, service } = request;
  return { amzDate, scope: { date: amzDate.slice(0, 8), region, service } };
}
