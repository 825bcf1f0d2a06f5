import { type JetStreamClient, jetstream } from "@nats-io/jetstream";
import { type ConnectionOptions, errors, type NatsConnection } from "@nats-io/nats-core";
import { connect } from "@nats-io/transport-node";
import { limits } from "@paddock/contracts";
import type { Bus, BusOptions, BusProblem } from "./bus.ts";
import { BusUnavailableError } from "./errors.ts";
import { busLimits } from "./limits.ts";
import { NatsBus } from "./nats-bus.ts";
import { internalInboxPrefix } from "./subjects.ts";

/**
 * Opens the connection to NATS and keeps it: the first connection is tried for a bounded time, a
 * lost one for ever, with a pause that doubles up to a bound.
 */

interface Link {
  readonly connection: NatsConnection;
  readonly jetstream: JetStreamClient;
  readonly report: (problem: BusProblem) => void;
  /** See NatsBus. */
  readonly settledOrLost: (work: Promise<unknown>) => Promise<void>;
}

const links = new WeakMap<Bus, Link>();

/** For the other files of this package only: the NATS connection behind a bus. */
export function linkOf(bus: Bus): Link {
  const link = links.get(bus);
  if (link === undefined) throw new TypeError("this bus was not made by connectBus");
  return link;
}

/** Rejects with BusUnavailableError, whose message says what to do. */
export async function connectBus(options: BusOptions): Promise<Bus> {
  const pause = new ReconnectPause();
  const connection = await firstConnection(options, pause);
  const maxPayload = connection.info?.max_payload ?? 0;
  if (maxPayload < limits.busMessageBytes) {
    await connection.close();
    throw new BusUnavailableError(
      `The NATS server at ${options.url} accepts messages of ${maxPayload} bytes; ` +
        `Paddock needs max_payload: ${limits.busMessageBytes} in its configuration.`,
    );
  }
  const report = options.onProblem ?? (() => undefined);
  const bus = new NatsBus(connection, report);
  links.set(bus, {
    connection,
    jetstream: jetstream(connection, {
      timeout: busLimits.managementTimeoutMs,
      ...(options.user === undefined ? {} : { watcherPrefix: internalInboxPrefix }),
    }),
    report,
    settledOrLost: (work) => bus.settledOrLost(work),
  });
  void watchStatus(connection, bus, pause, report);
  return bus;
}

/** The pause before the next attempt to reconnect; `reset` after a connection was made. */
class ReconnectPause {
  #attempts = 0;

  next(): number {
    const doubled = busLimits.reconnectPauseMinMs * 2 ** Math.min(this.#attempts, 16);
    this.#attempts += 1;
    const bounded = Math.min(doubled, busLimits.reconnectPauseMaxMs);
    return Math.round(bounded * (0.75 + Math.random() * 0.25));
  }

  reset(): void {
    this.#attempts = 0;
  }
}

async function firstConnection(
  options: BusOptions,
  pause: ReconnectPause,
): Promise<NatsConnection> {
  let lastError: unknown;
  for (let attempt = 0; attempt < busLimits.firstConnectAttempts; attempt += 1) {
    try {
      return await connect(connectionOptions(options, pause));
    } catch (error) {
      lastError = error;
      if (error instanceof errors.AuthorizationError) {
        throw new BusUnavailableError(
          `The NATS server at ${options.url} refuses the user "${options.user ?? ""}": ` +
            "the password is not the one in its configuration.",
          { cause: error },
        );
      }
      await new Promise((resolve) => setTimeout(resolve, busLimits.firstConnectPauseMs));
    }
  }
  const reason = lastError instanceof Error ? lastError.message : String(lastError);
  throw new BusUnavailableError(`No NATS server answers at ${options.url}: ${reason}.`, {
    cause: lastError,
  });
}

function connectionOptions(options: BusOptions, pause: ReconnectPause): ConnectionOptions {
  return {
    servers: options.url.split(",").map((url) => url.trim()),
    name: options.name,
    ...(options.user === undefined ? {} : { user: options.user, pass: options.password ?? "" }),
    // Internal answers must not pass where the external user may read.
    ...(options.user === undefined ? {} : { inboxPrefix: internalInboxPrefix }),
    timeout: busLimits.connectTimeoutMs,
    maxReconnectAttempts: -1,
    ignoreAuthErrorAbort: true,
    reconnectDelayHandler: () => pause.next(),
    pingInterval: busLimits.pingIntervalMs,
    maxPingOut: busLimits.pingsUnanswered,
    // Stack traces for each request cost more than the request.
    noAsyncTraces: true,
  };
}

async function watchStatus(
  connection: NatsConnection,
  bus: NatsBus,
  pause: ReconnectPause,
  report: (problem: BusProblem) => void,
): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type === "disconnect") bus.connectionLost();
    if (status.type === "reconnect") {
      pause.reset();
      bus.connectionRestored();
    }
    if (status.type === "error") report({ kind: "connection", error: status.error });
  }
}
