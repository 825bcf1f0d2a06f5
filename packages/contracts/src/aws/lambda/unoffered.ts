import type { OperationAddress } from "./operation.ts";

/**
 * Operations of the Lambda API that Paddock knows and does not offer: requests for them are refused
 * by name. Source: the service model, botocore lambda/2015-03-31, as listed in
 * ../shared/spec/lambda-spec.md §1.3–1.5.
 */
export const unofferedOperations: readonly OperationAddress[] = [
  {
    name: "CheckpointDurableExecution",
    method: "POST",
    path: "/2025-12-01/durable-executions/{DurableExecutionArn}/checkpoint",
  },
  { name: "CreateCapacityProvider", method: "POST", path: "/2025-11-30/capacity-providers" },
  { name: "CreateCodeSigningConfig", method: "POST", path: "/2020-04-22/code-signing-configs" },
  { name: "CreateEventSourceMapping", method: "POST", path: "/2015-03-31/event-source-mappings" },
  {
    name: "DeleteCapacityProvider",
    method: "DELETE",
    path: "/2025-11-30/capacity-providers/{CapacityProviderName}",
  },
  {
    name: "DeleteCodeSigningConfig",
    method: "DELETE",
    path: "/2020-04-22/code-signing-configs/{CodeSigningConfigArn}",
  },
  {
    name: "DeleteEventSourceMapping",
    method: "DELETE",
    path: "/2015-03-31/event-source-mappings/{UUID}",
  },
  {
    name: "DeleteFunctionCodeSigningConfig",
    method: "DELETE",
    path: "/2020-06-30/functions/{FunctionName}/code-signing-config",
  },
  {
    name: "DeleteProvisionedConcurrencyConfig",
    method: "DELETE",
    path: "/2019-09-30/functions/{FunctionName}/provisioned-concurrency",
  },
  {
    name: "GetCapacityProvider",
    method: "GET",
    path: "/2025-11-30/capacity-providers/{CapacityProviderName}",
  },
  {
    name: "GetCodeSigningConfig",
    method: "GET",
    path: "/2020-04-22/code-signing-configs/{CodeSigningConfigArn}",
  },
  {
    name: "GetDurableExecution",
    method: "GET",
    path: "/2025-12-01/durable-executions/{DurableExecutionArn}",
  },
  {
    name: "GetDurableExecutionHistory",
    method: "GET",
    path: "/2025-12-01/durable-executions/{DurableExecutionArn}/history",
  },
  {
    name: "GetDurableExecutionState",
    method: "GET",
    path: "/2025-12-01/durable-executions/{DurableExecutionArn}/state",
  },
  {
    name: "GetEventSourceMapping",
    method: "GET",
    path: "/2015-03-31/event-source-mappings/{UUID}",
  },
  {
    name: "GetFunctionScalingConfig",
    method: "GET",
    path: "/2025-11-30/functions/{FunctionName}/function-scaling-config",
  },
  {
    name: "GetProvisionedConcurrencyConfig",
    method: "GET",
    path: "/2019-09-30/functions/{FunctionName}/provisioned-concurrency",
  },
  {
    name: "InvokeWithResponseStream",
    method: "POST",
    path: "/2021-11-15/functions/{FunctionName}/response-streaming-invocations",
  },
  { name: "ListCapacityProviders", method: "GET", path: "/2025-11-30/capacity-providers" },
  { name: "ListCodeSigningConfigs", method: "GET", path: "/2020-04-22/code-signing-configs" },
  {
    name: "ListDurableExecutionsByFunction",
    method: "GET",
    path: "/2025-12-01/functions/{FunctionName}/durable-executions",
  },
  { name: "ListEventSourceMappings", method: "GET", path: "/2015-03-31/event-source-mappings" },
  {
    name: "ListFunctionVersionsByCapacityProvider",
    method: "GET",
    path: "/2025-11-30/capacity-providers/{CapacityProviderName}/function-versions",
  },
  {
    name: "ListFunctionsByCodeSigningConfig",
    method: "GET",
    path: "/2020-04-22/code-signing-configs/{CodeSigningConfigArn}/functions",
  },
  {
    name: "ListProvisionedConcurrencyConfigs",
    method: "GET",
    path: "/2019-09-30/functions/{FunctionName}/provisioned-concurrency",
    selector: { parameter: "List", value: "ALL" },
  },
  {
    name: "PutFunctionCodeSigningConfig",
    method: "PUT",
    path: "/2020-06-30/functions/{FunctionName}/code-signing-config",
  },
  {
    name: "PutFunctionScalingConfig",
    method: "PUT",
    path: "/2025-11-30/functions/{FunctionName}/function-scaling-config",
  },
  {
    name: "PutProvisionedConcurrencyConfig",
    method: "PUT",
    path: "/2019-09-30/functions/{FunctionName}/provisioned-concurrency",
  },
  {
    name: "SendDurableExecutionCallbackFailure",
    method: "POST",
    path: "/2025-12-01/durable-execution-callbacks/{CallbackId}/fail",
  },
  {
    name: "SendDurableExecutionCallbackHeartbeat",
    method: "POST",
    path: "/2025-12-01/durable-execution-callbacks/{CallbackId}/heartbeat",
  },
  {
    name: "SendDurableExecutionCallbackSuccess",
    method: "POST",
    path: "/2025-12-01/durable-execution-callbacks/{CallbackId}/succeed",
  },
  {
    name: "StopDurableExecution",
    method: "POST",
    path: "/2025-12-01/durable-executions/{DurableExecutionArn}/stop",
  },
  {
    name: "UpdateCapacityProvider",
    method: "PUT",
    path: "/2025-11-30/capacity-providers/{CapacityProviderName}",
  },
  {
    name: "UpdateCodeSigningConfig",
    method: "PUT",
    path: "/2020-04-22/code-signing-configs/{CodeSigningConfigArn}",
  },
  {
    name: "UpdateEventSourceMapping",
    method: "PUT",
    path: "/2015-03-31/event-source-mappings/{UUID}",
  },
];
