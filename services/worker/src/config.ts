import { loadSettings } from "@paddock/service-kit";

/** The worker's settings; packages/service-kit holds the catalogue. */
export function loadConfig() {
  return loadSettings([
    "dataDirectory",
    "natsUrl",
    "natsPassword",
    "redisUrl",
    "region",
    "isolation",
    "scratchStorage",
    "sandboxNetwork",
    "sandboxUplink",
    "sandboxAddressRange",
    "sandboxNameServers",
    "functionNetworks",
    "publicUrl",
    "workerMemoryMb",
    "workerMemoryUseMb",
    "workerCodeCacheMb",
    "prebootedMax",
    "workerLeaseMs",
    "keepAlivePolicy",
    "idleEnvironmentTimeoutSeconds",
    "asyncRetryDelaysSeconds",
  ]);
}

export type WorkerConfig = ReturnType<typeof loadConfig>;
