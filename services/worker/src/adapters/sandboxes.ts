/** The sandbox provider that was asked for, and no other: what is missing is said, never replaced. */
import {
  createBubblewrapProvider,
  createGvisorProvider,
  createProcessProvider,
  type NetworkOptions,
  type SandboxProvider,
  type StreamTarget,
} from "@paddock/sandbox";
import type { WorkerConfig } from "../config.ts";
import { allowListsOf } from "./function-networks.ts";

export interface SandboxPlaces {
  readonly workerId: string;
  /** Below the data directory. */
  readonly home: string;
  readonly codeDirectory: string;
  /** For the operator. */
  readonly onProblem: (problem: string) => void;
}

export async function openSandboxes(
  config: WorkerConfig,
  { workerId, home, codeDirectory, onProblem }: SandboxPlaces,
): Promise<SandboxProvider> {
  const options = { workerId, dataDirectory: home, codeDirectory };
  const confined = {
    ...options,
    onProblem,
    scratchStorage: config.scratchStorage,
    memoryUseMb: config.workerMemoryUseMb,
    network: networkOptions(config),
  };
  switch (config.isolation) {
    case "bubblewrap":
      return createBubblewrapProvider(confined);
    case "gvisor":
      return createGvisorProvider(confined);
    case "process":
      return createProcessProvider(options);
  }
}

const NATS_PORT = 4222;
const REDIS_PORT = 6379;

function networkOptions(config: WorkerConfig): NetworkOptions {
  if (config.sandboxNetwork === "closed") return { kind: "closed" };
  return {
    kind: "egress",
    uplink: config.sandboxUplink,
    addressRange: config.sandboxAddressRange,
    nameServers: config.sandboxNameServers,
    allowLists: allowListsOf(config.functionNetworks),
    ours: [serverOf(config.natsUrl, NATS_PORT), serverOf(config.redisUrl, REDIS_PORT)],
    lambdaApi: lambdaApiOf(config.publicUrl),
  };
}

/** Passed on as it is: a certificate's name would not be the service address. */
function lambdaApiOf(publicUrl: string): StreamTarget | undefined {
  return publicUrl.startsWith("http:") ? serverOf(publicUrl, 80) : undefined;
}

function serverOf(url: string, usualPort: number): StreamTarget {
  const { hostname, port } = new URL(url);
  return {
    host: hostname.replace(/^\[(.*)\]$/, "$1"),
    port: port === "" ? usualPort : Number(port),
  };
}
