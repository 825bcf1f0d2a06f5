/**
 * Serves HTTP on the connections of a given listener: one sandbox's link-local endpoint. Each API
 * is one entry in `apis`, found by the first segment of the path: the Extensions API (2020-01-01)
 * and the Telemetry API (2022-07-01) are further entries.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Server, Socket } from "node:net";
import { runtimeLimits } from "../limits.ts";
import { replyText } from "./replies.ts";

/** `segments` are those after the API's own; the API answers every request, unknown ones too. */
export type HttpApi = (
  request: IncomingMessage,
  response: ServerResponse,
  segments: readonly string[],
) => void;

export interface SandboxHttpServer {
  /** Stops serving and drops every connection; the listener itself stays its owner's. */
  close(): void;
}

export function serveSandbox(
  listener: Server,
  apis: ReadonlyMap<string, HttpApi>,
): SandboxHttpServer {
  const options = {
    maxHeaderSize: runtimeLimits.httpHeaderBytes,
    // A runtime blocks in /next for hours, and keeps its connection as long as it likes.
    keepAliveTimeout: 0,
    requestTimeout: 0,
    headersTimeout: 0,
    noDelay: true,
  };
  const server = createServer(options, (request, response) => dispatch(apis, request, response));
  server.on("clientError", (_error, socket) => {
    if (socket.writable) socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    else socket.destroy();
  });
  const sockets = new Set<Socket>();
  const accept = (socket: Socket) => {
    if (sockets.size >= runtimeLimits.httpConnections) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    server.emit("connection", socket);
  };
  listener.on("connection", accept);
  return {
    close() {
      listener.off("connection", accept);
      for (const socket of sockets) socket.destroy();
    },
  };
}

function dispatch(
  apis: ReadonlyMap<string, HttpApi>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  response.sendDate = false;
  // The client may be gone before its answer is written; there is nobody to tell.
  response.on("error", () => request.destroy());
  const [path = ""] = (request.url ?? "").split("?", 1);
  const [apiVersion = "", ...segments] = path.split("/").slice(1);
  const api = apis.get(apiVersion);
  if (api === undefined) {
    request.resume();
    replyText(response, 404, "404 page not found\n");
    return;
  }
  api(request, response, segments);
}
