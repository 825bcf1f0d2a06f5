/** Function URLs as a browser or curl calls them, whether or not this machine resolves their names. */
import { request as httpRequest } from "node:http";
import { paddock, sign } from "./clients.ts";

export interface UrlCall {
  readonly method?: string;
  /** Path and query. */
  readonly target?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  /** Signed with the root credentials. */
  readonly signed?: boolean;
}

export interface UrlAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export function callUrl(functionUrl: string, call: UrlCall = {}): Promise<UrlAnswer> {
  const { host } = new URL(functionUrl);
  const { method = "GET", target = "/", headers = {}, body = "", signed = false } = call;
  const plain = { method, path: target, headers, host };
  const sent = signed ? sign(plain, body) : headers;
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port: paddock.port, method, path: target };
    const length = { "content-length": String(Buffer.byteLength(body)) };
    const outgoing = httpRequest(
      { ...options, headers: { ...length, ...sent, host }, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
