import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { readInvokeCall } from "../core/invoke-target.ts";
import { urlIdOf } from "../core/url-host.ts";
import { gatewayLimits } from "../limits.ts";
import type { HttpInvoke } from "./http-invoke.ts";
import type { HttpProxy } from "./http-proxy.ts";
import type { HttpUrl } from "./http-url.ts";

export interface FrontDoor {
  readonly invoke: HttpInvoke;
  readonly url: HttpUrl;
  readonly proxy: HttpProxy;
  /** Why the gateway cannot work now, or undefined. */
  readonly unhealthyBecause: () => string | undefined;
}

const healthPath = "/_paddock/health";

/** The HTTP server: function URLs, invocations and health are answered here, the rest goes to control. */
export function createFrontDoor({ invoke, url: urls, proxy, unhealthyBecause }: FrontDoor): Server {
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const { method = "", url = "" } = request;
    const urlId = urlIdOf(request.headers.host);
    if (urlId !== undefined) return void urls.handle(request, response, urlId);
    const call = readInvokeCall(method, url);
    if (call !== undefined) void invoke.handle(request, response, call);
    else if (url === healthPath && method === "GET") sendHealth(response, unhealthyBecause());
    else proxy.handle(request, response);
  };
  const server = createServer(
    {
      maxHeaderSize: gatewayLimits.headerBytes,
      headersTimeout: gatewayLimits.headersTimeoutMs,
      requestTimeout: gatewayLimits.requestTimeoutMs,
      connectionsCheckingInterval: gatewayLimits.timeoutCheckIntervalMs,
      keepAliveTimeout: gatewayLimits.keepAliveMs,
      noDelay: true,
    },
    handle,
  );
  server.maxConnections = gatewayLimits.connections;
  return server;
}

function sendHealth(response: ServerResponse, reason: string | undefined): void {
  const body = JSON.stringify(reason === undefined ? { status: "ok" } : { status: "down", reason });
  response.writeHead(reason === undefined ? 200 : 503, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}
