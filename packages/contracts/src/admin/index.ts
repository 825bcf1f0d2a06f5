export {
  type Attempts,
  type AttemptsEnd,
  attemptsLineSchema,
  type AttemptsQuery,
  attemptsQuerySchema,
} from "./attempts.ts";
export { type AdminError, adminErrorSchema, flagSchema, sinceSchema } from "./common.ts";
export {
  type FunctionEntry,
  functionEntrySchema,
  type FunctionPage,
  functionPageSchema,
  type FunctionsPage,
  functionsPageSchema,
  functionsQuerySchema,
} from "./functions.ts";
export {
  type AttemptDetail,
  attemptDetailSchema,
  type InvocationDetail,
  invocationDetailSchema,
  type InvocationsPage,
  invocationsPageSchema,
  type InvocationsQuery,
  invocationsQuerySchema,
  type InvocationState,
  invocationStateSchema,
  type InvocationSummary,
  invocationSummarySchema,
} from "./invocations.ts";
export { type LogLine, logLineSchema, type LogsQuery, logsQuerySchema } from "./logs.ts";
export {
  type FunctionUsage,
  functionUsageSchema,
  type UsageQuery,
  usageQuerySchema,
  type UsageReport,
  usageReportSchema,
} from "./usage.ts";
export {
  type AskedTrigger,
  type NewTrigger,
  newTriggerSchema,
  type TriggerList,
  triggerListSchema,
  triggersQuerySchema,
} from "./triggers.ts";
export {
  type StatusReport,
  statusReportSchema,
  type WorkerList,
  workerListSchema,
} from "./status.ts";
