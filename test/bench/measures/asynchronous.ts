import { jetstream } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { benchLimits } from "../lib/limits.ts";
import { runLoadInProcess } from "../lib/load-process.ts";
import {
  createFunction,
  deleteFunction,
  lambdaClient,
  signedInvoke,
  type Stack,
} from "../lib/stack.ts";

export interface Asynchronous {
  readonly httpAcceptedPerSecond: number;
  readonly natsAcceptedPerSecond: number;
  /** From the first acceptance to the last end. */
  readonly ranPerSecond: number;
}

const functionName = "bench-async";

/** Event invocations over HTTP, how fast they are run to their end, and events on NATS. */
export async function measureAsynchronous(stack: Stack): Promise<Asynchronous> {
  const client = lambdaClient(stack);
  await createFunction(client, functionName, "nodejs24.x");
  const began = performance.now();
  const accepted = await runLoadInProcess({
    host: stack.host,
    port: stack.port,
    request: signedInvoke(stack, functionName, { invocationType: "Event" }),
    connections: benchLimits.connections,
    durationMs: 60_000,
    maxRequests: benchLimits.asyncEvents,
  });
  if (accepted.errors > 0) throw new Error(accepted.firstError ?? "not accepted");
  await untilEnded(stack, accepted.samplesMs.length);
  const ranMs = performance.now() - began;
  const natsMs = await publishOverNats(stack, benchLimits.asyncEvents);
  await deleteFunction(client, functionName);
  return {
    httpAcceptedPerSecond: perSecond(accepted.samplesMs.length, accepted.elapsedMs),
    natsAcceptedPerSecond: perSecond(benchLimits.asyncEvents, natsMs),
    ranPerSecond: perSecond(accepted.samplesMs.length, ranMs),
  };
}

function perSecond(count: number, elapsedMs: number): number {
  return Math.round((count / elapsedMs) * 1000);
}

/** Until the ledger has as many succeeded attempts of the function as were accepted. */
async function untilEnded(stack: Stack, count: number): Promise<void> {
  const giveUpAt = Date.now() + benchLimits.asyncDrainMs;
  for (;;) {
    const ran = await requestsInLedger(stack);
    if (ran >= count) return;
    if (Date.now() > giveUpAt) throw new Error(`${ran} of ${count} were run`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function requestsInLedger(stack: Stack): Promise<number> {
  const url = `http://${stack.host}:${stack.port}/_paddock/api/usage?function=${functionName}`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${stack.adminToken}` } });
  const { functions } = (await answer.json()) as { functions: { requests: number }[] };
  return functions[0]?.requests ?? 0;
}

/** Events from an outside client, each acknowledged by the stream, a window of them under way. */
async function publishOverNats(stack: Stack, count: number): Promise<number> {
  const connection = await connect({ servers: stack.natsUrl });
  const stream = jetstream(connection);
  const body = Buffer.from("{}");
  const began = performance.now();
  for (let sent = 0; sent < count; sent += benchLimits.natsWindow) {
    const window = Array.from({ length: Math.min(benchLimits.natsWindow, count - sent) }, () =>
      stream.publish("events.bench.created", body),
    );
    await Promise.all(window);
  }
  const elapsedMs = performance.now() - began;
  await connection.close();
  return elapsedMs;
}
