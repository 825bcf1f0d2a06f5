import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type Bus, watchFunctions } from "@paddock/bus";
import type { Logger, RunningService } from "@paddock/service-kit";
import { BusInvocations } from "./adapters/bus-invocations.ts";
import { HttpInvoke } from "./adapters/http-invoke.ts";
import { HttpProxy } from "./adapters/http-proxy.ts";
import { createFrontDoor } from "./adapters/http-server.ts";
import { HttpUrl } from "./adapters/http-url.ts";
import { ledgerLostAttempts } from "./adapters/ledger-lost-attempts.ts";
import { NatsFrontDoor } from "./adapters/nats-front-door.ts";
import { UrlIndex } from "./adapters/url-index.ts";
import { WatchedCredentials } from "./adapters/watched-credentials.ts";
import type { GatewayConfig } from "./config.ts";
import { gatewayLimits } from "./limits.ts";

export interface GatewayParts {
  /** Connected; its streams and buckets exist. The gateway closes it when it stops. */
  readonly bus: Bus;
  readonly logger: Logger;
}

export interface RunningGateway extends RunningService {
  /** The port that was bound: the configured one, or any free one for 0. */
  readonly port: number;
}

/** Resolves when functions and credentials are known and the port is open. */
export async function startGateway(
  config: Pick<GatewayConfig, "host" | "port" | "controlPort" | "region" | "accountId">,
  { bus, logger }: GatewayParts,
): Promise<RunningGateway> {
  const scope = { region: config.region, accountId: config.accountId };
  const functions = watchFunctions(bus);
  const urls = new UrlIndex(functions);
  const credentials = await WatchedCredentials.open(bus);
  await functions.ready;
  const invocations = new BusInvocations(bus, ledgerLostAttempts(bus, logger));
  const parts = { functions, credentials, invocations, scope, logger };
  const invoke = new HttpInvoke(parts);
  const url = new HttpUrl({ ...parts, urls });
  const proxy = new HttpProxy({ controlPort: config.controlPort, logger });
  const unhealthyBecause = (): string | undefined =>
    bus.isConnected ? undefined : "NATS cannot be reached";
  const server = createFrontDoor({ invoke, url, proxy, unhealthyBecause });
  await listen(server, config.host, config.port);
  const natsFrontDoor = new NatsFrontDoor({ bus, functions, invocations, scope, logger });

  const stop = async (): Promise<void> => {
    server.close();
    await natsFrontDoor.stop();
    await drained(server, () => invoke.underWay + url.underWay + natsFrontDoor.underWay);
    server.closeAllConnections();
    invocations.stop();
    proxy.stop();
    credentials.stop();
    urls.stop();
    functions.stop();
    await bus.close();
  };
  // `as`: a server that listens on TCP has an AddressInfo.
  return { port: (server.address() as AddressInfo).port, stop, unhealthyBecause };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.removeListener("error", reject);
      resolve();
    });
  });
}

/** Waits, for a bounded time, until no caller waits any more. */
async function drained(server: Server, underWay: () => number): Promise<void> {
  const polls = gatewayLimits.drainMs / gatewayLimits.drainPollMs;
  for (let poll = 0; poll < polls && underWay() > 0; poll += 1) {
    await sleep(gatewayLimits.drainPollMs);
    server.closeIdleConnections();
  }
}
