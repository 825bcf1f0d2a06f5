export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from "./embedded/start-embedded-postgres.ts";
export { storeLimits } from "./limits.ts";
export { type Database, type DatabaseOptions, openDatabase } from "./database.ts";
export { recordAccepted, recordFates, recordUsage } from "./ledger/record.ts";
export {
  getInvocation,
  InvalidCursorError,
  type InvocationFilter,
  listInvocations,
  type PageRequest,
} from "./ledger/read.ts";
export { readAttempts, type StoredAttempt } from "./ledger/attempts.ts";
export { summariseUsage, type UsageFilter, type UsageSummary } from "./ledger/usage-summary.ts";
export {
  deleteFunction,
  deleteVersion,
  insertFunction,
  replaceVersion,
  setReservedConcurrency,
  setTags,
  type StoredFunction,
  type StoredVersion,
} from "./functions/write.ts";
export {
  listFunctionVersions,
  listUnsettledFunctions,
  listVersions,
  readAllFunctions,
  readFunction,
  readVersion,
  readWholeFunction,
  type VersionPosition,
  type WholeStoredFunction,
} from "./functions/read.ts";
export { countFunctions, sumCodeBytes, sumReservedConcurrency } from "./functions/account.ts";
export {
  deleteAlias,
  insertAlias,
  listAliases,
  readAlias,
  replaceAlias,
  type StoredAlias,
} from "./functions/aliases.ts";
export {
  deleteLayerVersion,
  insertLayerVersion,
  type LayerFilter,
  type LayerVersionKey,
  listLatestLayerVersions,
  listLayerVersions,
  readLayerTags,
  readLayerVersion,
  setLayerPolicy,
  setLayerTags,
  type StoredLayerVersion,
} from "./functions/layers.ts";
export {
  deleteSetting,
  listSettings,
  readSetting,
  type SettingKey,
  writeSetting,
} from "./functions/settings.ts";
export {
  claimCodeArchive,
  listUnusedCodeArchives,
  readUnzippedBytes,
  removeCodeArchive,
} from "./functions/code-archives.ts";
export {
  countTriggers,
  deleteTrigger,
  insertTrigger,
  listTriggers,
  readTrigger,
} from "./functions/triggers.ts";
