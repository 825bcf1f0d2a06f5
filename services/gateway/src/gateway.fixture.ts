import { LambdaClient } from "@aws-sdk/client-lambda";
import {
  type Bus,
  type BusMessage,
  channels,
  connectBus,
  ensureStreams,
  openCredentials,
  openFunctions,
} from "@paddock/bus";
import {
  type CredentialRecord,
  type FunctionRecord,
  type InvocationResult,
  type SyncInvocation,
  type Target,
  type VersionRecord,
} from "@paddock/contracts";
import { signRequest } from "@paddock/iam";
import { createLogger } from "@paddock/service-kit";
import {
  eventually,
  freePort,
  functionRecord,
  startNats,
  type TestServer,
  versionRecord,
} from "@paddock/testkit";
import { type RunningGateway, startGateway } from "./app.ts";

/** For tests: a gateway on a real NATS server, and what stands beside it in an installation. */
export const natsPassword = "a-password-of-nats";

export const rootCredential: CredentialRecord = {
  accessKeyId: "AKIAPADDOCKEXAMPLE00",
  secretAccessKey: "a-secret-of-some-length",
  principalArn: "arn:aws:iam::000000000000:root",
  enabled: true,
};

export type RunMessage = BusMessage<Target, SyncInvocation, InvocationResult>;

export interface Installation {
  readonly nats: TestServer;
  /** The peer's own connection: what control, workers and routers would use. */
  readonly peer: Bus;
  readonly gateway: RunningGateway;
  readonly url: string;
  readonly controlPort: number;
  /** Stock client with the right credentials. */
  readonly client: LambdaClient;
  stop(): Promise<void>;
}

export async function startInstallation(
  options: { readonly controlPort?: number } = {},
): Promise<Installation> {
  const nats = await startNats({ password: natsPassword });
  const connect = (name: string): Promise<Bus> =>
    connectBus({ url: nats.url, user: "paddock", password: natsPassword, name });
  const peer = await connect("peer");
  await ensureStreams(peer);
  await openCredentials(peer).put(rootCredential.accessKeyId, rootCredential);
  const controlPort = options.controlPort ?? (await freePort());
  const gateway = await startGateway(
    { host: "127.0.0.1", port: 0, controlPort, region: "us-east-1", accountId: "000000000000" },
    { bus: await connect("gateway"), logger: createLogger("gateway", "silent") },
  );
  const url = `http://127.0.0.1:${gateway.port}`;
  const client = lambdaClient(url);
  return {
    nats,
    peer,
    gateway,
    url,
    controlPort,
    client,
    async stop() {
      client.destroy();
      await gateway.stop();
      await peer.close();
      await nats.stop();
    },
  };
}

export function lambdaClient(
  endpoint: string,
  overrides: { accessKeyId?: string; secretAccessKey?: string; region?: string } = {},
): LambdaClient {
  const { accessKeyId, secretAccessKey } = { ...rootCredential, ...overrides };
  return new LambdaClient({
    endpoint,
    region: overrides.region ?? "us-east-1",
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
  });
}

/** Writes the records that control would write, and waits until the gateway knows them. */
export async function deploy(
  { peer, url }: Pick<Installation, "peer" | "url">,
  functionName: string,
  records: { function?: Partial<FunctionRecord>; version?: Partial<VersionRecord> } = {},
): Promise<void> {
  const functions = openFunctions(peer);
  const version = versionRecord(functionName, records.version);
  await functions.put(
    { kind: "version", functionName, version: version.version },
    { kind: "version", record: version },
  );
  await functions.put(
    { kind: "function", functionName },
    { kind: "function", record: functionRecord(functionName, records.function) },
  );
  await eventually(async () => {
    const target = `/2015-03-31/functions/${functionName}/invocations?Qualifier=${encodeURIComponent(version.version)}`;
    const headers = { "X-Amz-Invocation-Type": "DryRun" };
    const { status } = await post(url, target, Buffer.alloc(0), headers);
    // 404: the gateway has not heard of it yet. Other statuses are the function's state.
    return status !== 404;
  });
}

/** A worker with warm environments of one function: answers each invocation by `run`. */
export async function serve(
  peer: Bus,
  functionName: string,
  run: (message: RunMessage) => void | Promise<void>,
): Promise<() => void> {
  const subscription = peer.subscribe(channels.invoke, { functionName }, run);
  await peer.flush();
  return () => subscription.stop();
}

export function succeed(message: RunMessage, payload: Uint8Array | string): void {
  const { requestId, target } = message.document;
  message.respond(
    { status: "completed", requestId, executedVersion: target.version },
    Buffer.from(payload),
  );
}

/** Sends a signed POST by plain fetch, so that every header and byte of the answer can be seen. */
export async function post(
  url: string,
  target: string,
  body: Uint8Array,
  extra: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const signed = signRequest({
    method: "POST",
    target,
    headers: ["Host", new URL(url).host, ...Object.entries(extra).flat()],
    body,
    credentials: rootCredential,
    region: "us-east-1",
    service: "lambda",
    nowMs: Date.now(),
  });
  const headers = new Headers();
  for (let at = 0; at + 1 < signed.length; at += 2) {
    headers.append(signed[at] ?? "", signed[at + 1] ?? "");
  }
  headers.delete("Host");
  return fetch(url + target, { method: "POST", headers, body: Uint8Array.from(body) });
}
