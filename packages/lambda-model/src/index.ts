export { functionArn, invokedArn, type Scope } from "./arn.ts";
export { layerArn, type LayerReference, parseLayerReference } from "./layer-arn.ts";
export { constraintTexts, validationError, type Violation } from "./constraints.ts";
export {
  functionNotFound,
  type FunctionReference,
  parseFunctionReference,
  type ReferenceOptions,
} from "./function-reference.ts";
export { resolveQualifier } from "./qualifier.ts";
export {
  attemptBeginning,
  type AttemptBeginning,
  type AttemptPlace,
  type BegunAttempt,
  lostAttempt,
  unknownPlace,
} from "./attempt-record.ts";
export { billedDurationMs, ephemeralStorageGbSeconds, gbSeconds } from "./billing.ts";
export { coldStartSentence } from "./cold-start-sentence.ts";
export { type BilledUsage, type ListPrice, listPrice, prices, type PriceTier } from "./prices.ts";
export {
  endLine,
  initReportLine,
  initStartLine,
  type ReportFigures,
  reportLine,
  startLine,
} from "./platform-log/text-lines.ts";
export {
  isWrittenAt,
  type PlatformEvent,
  type PlatformStatus,
  type Span,
  type SystemLogLevel,
  systemLogLevelOf,
} from "./platform-log/events.ts";
export { type PlatformLogging, platformLogLine } from "./platform-log/platform-log-line.ts";
export { defaultLogGroup, logStreamName } from "./log-names.ts";
export {
  exited,
  exitedWithoutReason,
  invalidEntrypoint,
  killed,
  type PlatformErrorDocument,
  responseTooLarge,
  timedOut,
} from "./platform-errors.ts";
export { type FunctionErrorState, nextBackoff, nextRetry, type RetryDecision } from "./retry.ts";
export { cpusForMemory } from "./cpu.ts";
export { checkEnvironmentVariables, reservedEnvironmentKeys } from "./environment-variables.ts";
export {
  type FunctionState,
  functionStates,
  type LastUpdateStatus,
  lastUpdateStatuses,
  type StateReasonCode,
  stateReasonCodes,
} from "./states.ts";
export { compileFilterPattern } from "./filter/filter-pattern.ts";
export { parseSchedule, type Schedule, type ScheduleOptions } from "./schedule/schedule.ts";
export { IdleHistogram, type StoredHistogram } from "./keep-alive/idle-histogram.ts";
export {
  fixedWindows,
  idleLimitMs,
  type IdleWindows,
  learnedWindows,
} from "./keep-alive/idle-windows.ts";
export {
  type IdleEnvironmentFigures,
  keepingValue,
  reuseProbability,
} from "./keep-alive/keeping-value.ts";
export {
  type AttemptHistory,
  type KeepAlivePolicy,
  type PolicyOutcome,
  simulateKeepAlive,
} from "./keep-alive/simulate.ts";
export { stableUuid } from "./stable-uuid.ts";
export { stableTraceHeader } from "./trace-header.ts";
