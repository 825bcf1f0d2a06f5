export { limits } from "./limits.ts";
export {
  environmentIdSchema,
  epochMsSchema,
  functionNameSchema,
  requestIdSchema,
  type Target,
  targetSchema,
  type TriggerKind,
  triggerKindSchema,
  versionSchema,
  workerIdSchema,
} from "./identifiers.ts";
export { type ErrorCode, type ErrorEntry, errorCatalogue } from "./errors/catalogue.ts";
export { type ErrorResponse, PaddockError, toErrorResponse } from "./errors/paddock-error.ts";
export {
  type AliasRecord,
  aliasRecordSchema,
  type AsyncConfig,
  asyncConfigSchema,
  type FunctionRecord,
  functionRecordSchema,
  functionStateSchema,
  type VersionRecord,
  versionRecordSchema,
} from "./internal/function-record.ts";
export {
  type FunctionConfiguration,
  functionConfigurationSchema,
} from "./internal/function-configuration.ts";
export {
  type CorsRules,
  corsRulesSchema,
  urlIdSchema,
  type UrlRecord,
  urlRecordSchema,
} from "./internal/function-url.ts";
export {
  type LayerPolicy,
  layerPolicySchema,
  type UsedLayer,
  usedLayerSchema,
} from "./internal/layer.ts";
export {
  type FunctionSetting,
  functionSettingSchemas,
  type SettingDocument,
  type SettingKind,
} from "./internal/function-settings.ts";
export {
  type AsyncInvocation,
  asyncInvocationSchema,
  type DrainQueue,
  drainQueueSchema,
  type EnvironmentGrant,
  environmentGrantSchema,
  type PlacedInvocation,
  placedInvocationSchema,
  type PreWarmEnvironment,
  preWarmEnvironmentSchema,
  type ReclaimedEnvironments,
  reclaimedEnvironmentsSchema,
  type ReclaimEnvironments,
  reclaimEnvironmentsSchema,
  type SyncInvocation,
  syncInvocationSchema,
} from "./internal/invocation.ts";
export { type AttemptOutcome, attemptOutcomeSchema } from "./internal/attempt-outcome.ts";
export {
  type ColdStart,
  type ColdStartPhases,
  coldStartPhasesSchema,
  type ColdStartReason,
  coldStartReasonSchema,
  coldStartSchema,
  type Eviction,
  evictionSchema,
} from "./internal/cold-start.ts";
export { type IdleHistory, idleHistorySchema } from "./internal/idle-history.ts";
export { type FollowerStatus, followerStatusSchema } from "./internal/follower-status.ts";
export { type HeldInvocations, heldInvocationsSchema } from "./internal/held-invocations.ts";
export { type Isolation, isolationSchema } from "./internal/isolation.ts";
export { type InvocationResult, invocationResultSchema } from "./internal/invocation-result.ts";
export { type InvocationJob, invocationJobSchema } from "./internal/job.ts";
export {
  type FateBatch,
  fateBatchSchema,
  type FateRecord,
  fateRecordSchema,
  type UsageBatch,
  usageBatchSchema,
  type UsageRecord,
  usageRecordSchema,
  workerLost,
} from "./internal/ledger.ts";
export { type LogBatch, logBatchSchema } from "./internal/logs.ts";
export { type WorkerStatus, workerStatusSchema } from "./internal/worker-status.ts";
export {
  eventSubject,
  type NatsTrigger,
  natsTriggerSchema,
  type ScheduleFiring,
  scheduleFiringSchema,
  type ScheduleTrigger,
  scheduleTriggerSchema,
  type Trigger,
  triggerSchema,
} from "./internal/trigger.ts";
export { type CredentialRecord, credentialRecordSchema } from "./internal/credential.ts";
