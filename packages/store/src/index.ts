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
export { summariseUsage, type UsageFilter, type UsageSummary } from "./ledger/usage-summary.ts";
