export type { Bus, BusMessage, BusOptions, BusProblem, BusReply, BusSubscription } from "./bus.ts";
export { type Channel, type DurableChannel, type StreamName, versionToken } from "./channel.ts";
export { type CodeStore, openCodeStore } from "./code-store.ts";
export { connectBus } from "./connection.ts";
export { connectService } from "./connect-service.ts";
export {
  consume,
  type ConsumeOptions,
  type DurableMessage,
  type DurableSubscription,
  publishDurable,
} from "./durable.ts";
export {
  BusUnavailableError,
  DurablePublishError,
  NoRespondersError,
  RequestTimeoutError,
} from "./errors.ts";
export { eventPatternMatches, isEventPattern } from "./event-pattern.ts";
export { MalformedMessageError } from "./frame.ts";
export { type FunctionChange, type FunctionDirectory, watchFunctions } from "./functions.ts";
export {
  type FunctionsEntry,
  type FunctionsKey,
  KvBucket,
  type KvChange,
  type KvWatch,
  openCredentials,
  openFirings,
  openFunctions,
  openIdleHistories,
  openTriggers,
} from "./kv.ts";
export { HeldInvocations } from "./held.ts";
export { busLimits } from "./limits.ts";
export { readLogs, type ReadLogsOptions, type StoredLogBatch } from "./logs.ts";
export { natsServerConfig, type NatsServerSettings } from "./server-config.ts";
export { consumers, type DurableConsumer, ensureStreams } from "./streams.ts";
export { channels } from "./subjects.ts";
