import { createServer, type Server } from "node:http";
import { serviceKitLimits } from "../limits.ts";

export interface HealthServer {
  readonly port: number;
  stop(): void;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

/**
 * `GET /health` on loopback: 200 `{"status":"ok"}`, or 503 with the reason. Port 0 takes a free one.
 */
export async function startHealthServer(
  port: number,
  unhealthyBecause: () => string | undefined,
): Promise<HealthServer> {
  const server = createServer(
    {
      maxHeaderSize: serviceKitLimits.healthHeaderBytes,
      keepAliveTimeout: serviceKitLimits.healthIdleMs,
      requestTimeout: serviceKitLimits.healthIdleMs,
    },
    (request, response) => {
      if (request.url !== "/health") {
        response.writeHead(404).end();
        return;
      }
      const reason = unhealthyBecause();
      const body = reason === undefined ? { status: "ok" } : { status: "unavailable", reason };
      response.writeHead(reason === undefined ? 200 : 503, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    },
  );
  const boundPort = await listen(server, port);
  return {
    port: boundPort,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
