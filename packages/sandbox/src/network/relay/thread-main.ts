/**
 * The thread that serves the service address of all sandboxes. It stays in the machine's network, and
 * has sockets of the router's. A thread, because functions decide how much it has to do, and the
 * worker's invocations must not wait for that.
 */
import { workerData } from "node:worker_threads";
import { sandboxLimits } from "../../limits.ts";
import { LookupDatagrams } from "./lookup-datagrams.ts";
import { Quota } from "./quota.ts";
import type { RelayInput } from "./relay.ts";
import { Resolvers } from "./resolvers.ts";
import { passStreams } from "./streams.ts";

const DNS_PORT = 53;

// Made by relay.ts.
const { lambdaApi, lookupDatagrams, lookupStreams, nameServers } = workerData as RelayInput;
const ofMachine = new Resolvers();
const resolvers = (): readonly string[] =>
  nameServers.length > 0 ? nameServers : ofMachine.current(performance.now());
const quota = (): Quota => new Quota(sandboxLimits.relayedOfEach, sandboxLimits.relayed);

new LookupDatagrams(lookupDatagrams, resolvers);

passStreams({
  descriptor: lookupStreams,
  target: () => {
    const [host] = resolvers();
    return host === undefined ? undefined : { host, port: DNS_PORT };
  },
  quota: quota(),
  idleMs: sandboxLimits.lookupStreamIdleMs,
});

if (lambdaApi !== undefined) {
  passStreams({
    descriptor: lambdaApi.descriptor,
    target: () => lambdaApi.target,
    quota: quota(),
    idleMs: sandboxLimits.lambdaApiIdleMs,
  });
}
