export { buildZip, type ZipEntry } from "./build-zip.ts";
export { eventually, type EventuallyOptions } from "./eventually.ts";
export { freePort } from "./free-port.ts";
export {
  descendantsOf,
  mountsMentioning,
  parentByPid,
  processesMentioning,
} from "./host/host-resources.ts";
export { startTestHost, type TestHost } from "./host/test-host.ts";
export { startZombie, type Zombie } from "./host/zombie.ts";
export { testkitLimits } from "./limits.ts";
export { functionRecord, usageRecord, versionRecord } from "./records.ts";
export { type NatsOptions, startNats } from "./servers/nats.ts";
export {
  type PaddockAccess,
  type PaddockOptions,
  startPaddock,
  type TestPaddock,
} from "./servers/paddock.ts";
export { type PostgresOptions, startPostgres } from "./servers/postgres.ts";
export { type RedisOptions, startRedis } from "./servers/redis.ts";
export type { TestServer } from "./servers/test-server.ts";
