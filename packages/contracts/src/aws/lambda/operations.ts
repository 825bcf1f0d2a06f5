/**
 * Every operation of the Lambda API by method and path; `{Label}` is one path segment.
 * Source: the service model, botocore lambda/2015-03-31, as listed in ../shared/spec/lambda-spec.md §1.3–1.5.
 */
export interface LambdaOperation {
  readonly name: string;
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
}

export const lambdaOperations: readonly LambdaOperation[] = [
  {
    name: "AddLayerVersionPermission",
    method: "POST",
    path: "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}/policy",
  },
  { name: "AddPermission", method: "POST", path: "/2015-03-31/functions/{FunctionName}/policy" },
  {
    name: "CheckpointDurableExecution",
    method: "POST",
    path: "/2025-12-01/durable-executions/{DurableExecutionArn}/checkpoint",
  },
  { name: "CreateAlias", method: "POST", path: "/2015-03-31/functions/{FunctionName}/aliases" },
  { name: "CreateCapacityProvider", method: "POST", path: "/2025-11-30/capacity-providers" },
  { name: "CreateCodeSigningConfig", method: "POST", path: "/2020-04-22/code-signing-configs" },
  { name: "CreateEventSourceMapping", method: "POST", path: "/2015-03-31/event-source-mappings" },
  { name: "CreateFunction", method: "POST", path: "/2015-03-31/functions" },
  {
    name: "CreateFunctionUrlConfig",
    method: "POST",
    path: "/2021-10-31/functions/{FunctionName}/url",
  },
  {
    name: "DeleteAlias",
    method: "DELETE",
    path: "/2015-03-31/functions/{FunctionName}/aliases/{Name}",
  },
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
  { name: "DeleteFunction", method: "DELETE", path: "/2015-03-31/functions/{FunctionName}" },
  {
    name: "DeleteFunctionCodeSigningConfig",
    method: "DELETE",
    path: "/2020-06-30/functions/{FunctionName}/code-signing-config",
  },
  {
    name: "DeleteFunctionConcurrency",
    method: "DELETE",
    path: "/2017-10-31/functions/{FunctionName}/concurrency",
  },
  {
    name: "DeleteFunctionEventInvokeConfig",
    method: "DELETE",
    path: "/2019-09-25/functions/{FunctionName}/event-invoke-config",
  },
  {
    name: "DeleteFunctionUrlConfig",
    method: "DELETE",
    path: "/2021-10-31/functions/{FunctionName}/url",
  },
  {
    name: "DeleteLayerVersion",
    method: "DELETE",
    path: "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}",
  },
  {
    name: "DeleteProvisionedConcurrencyConfig",
    method: "DELETE",
    path: "/2019-09-30/functions/{FunctionName}/provisioned-concurrency",
  },
  {
    name: "DeleteResourcePolicy",
    method: "DELETE",
    path: "/2026-07-09/resource-policy/{ResourceArn}",
  },
  { name: "GetAccountSettings", method: "GET", path: "/2016-08-19/account-settings" },
  { name: "GetAlias", method: "GET", path: "/2015-03-31/functions/{FunctionName}/aliases/{Name}" },
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
  { name: "GetFunction", method: "GET", path: "/2015-03-31/functions/{FunctionName}" },
  {
    name: "GetFunctionCodeSigningConfig",
    method: "GET",
    path: "/2020-06-30/functions/{FunctionName}/code-signing-config",
  },
  {
    name: "GetFunctionConcurrency",
    method: "GET",
    path: "/2019-09-30/functions/{FunctionName}/concurrency",
  },
  {
    name: "GetFunctionConfiguration",
    method: "GET",
    path: "/2015-03-31/functions/{FunctionName}/configuration",
  },
  {
    name: "GetFunctionEventInvokeConfig",
    method: "GET",
    path: "/2019-09-25/functions/{FunctionName}/event-invoke-config",
  },
  {
    name: "GetFunctionRecursionConfig",
    method: "GET",
    path: "/2024-08-31/functions/{FunctionName}/recursion-config",
  },
  {
    name: "GetFunctionScalingConfig",
    method: "GET",
    path: "/2025-11-30/functions/{FunctionName}/function-scaling-config",
  },
  { name: "GetFunctionUrlConfig", method: "GET", path: "/2021-10-31/functions/{FunctionName}/url" },
  {
    name: "GetLayerVersion",
    method: "GET",
    path: "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}",
  },
  { name: "GetLayerVersionByArn", method: "GET", path: "/2018-10-31/layers" },
  {
    name: "GetLayerVersionPolicy",
    method: "GET",
    path: "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}/policy",
  },
  { name: "GetPolicy", method: "GET", path: "/2015-03-31/functions/{FunctionName}/policy" },
  {
    name: "GetProvisionedConcurrencyConfig",
    method: "GET",
    path: "/2019-09-30/functions/{FunctionName}/provisioned-concurrency",
  },
  { name: "GetResourcePolicy", method: "GET", path: "/2026-07-09/resource-policy/{ResourceArn}" },
  {
    name: "GetRuntimeManagementConfig",
    method: "GET",
    path: "/2021-07-20/functions/{FunctionName}/runtime-management-config",
  },
  { name: "Invoke", method: "POST", path: "/2015-03-31/functions/{FunctionName}/invocations" },
  {
    name: "InvokeAsync",
    method: "POST",
    path: "/2014-11-13/functions/{FunctionName}/invoke-async",
  },
  {
    name: "InvokeWithResponseStream",
    method: "POST",
    path: "/2021-11-15/functions/{FunctionName}/response-streaming-invocations",
  },
  { name: "ListAliases", method: "GET", path: "/2015-03-31/functions/{FunctionName}/aliases" },
  { name: "ListCapacityProviders", method: "GET", path: "/2025-11-30/capacity-providers" },
  { name: "ListCodeSigningConfigs", method: "GET", path: "/2020-04-22/code-signing-configs" },
  {
    name: "ListDurableExecutionsByFunction",
    method: "GET",
    path: "/2025-12-01/functions/{FunctionName}/durable-executions",
  },
  { name: "ListEventSourceMappings", method: "GET", path: "/2015-03-31/event-source-mappings" },
  {
    name: "ListFunctionEventInvokeConfigs",
    method: "GET",
    path: "/2019-09-25/functions/{FunctionName}/event-invoke-config/list",
  },
  {
    name: "ListFunctionUrlConfigs",
    method: "GET",
    path: "/2021-10-31/functions/{FunctionName}/urls",
  },
  {
    name: "ListFunctionVersionsByCapacityProvider",
    method: "GET",
    path: "/2025-11-30/capacity-providers/{CapacityProviderName}/function-versions",
  },
  { name: "ListFunctions", method: "GET", path: "/2015-03-31/functions" },
  {
    name: "ListFunctionsByCodeSigningConfig",
    method: "GET",
    path: "/2020-04-22/code-signing-configs/{CodeSigningConfigArn}/functions",
  },
  { name: "ListLayerVersions", method: "GET", path: "/2018-10-31/layers/{LayerName}/versions" },
  { name: "ListLayers", method: "GET", path: "/2018-10-31/layers" },
  {
    name: "ListProvisionedConcurrencyConfigs",
    method: "GET",
    path: "/2019-09-30/functions/{FunctionName}/provisioned-concurrency",
  },
  { name: "ListTags", method: "GET", path: "/2017-03-31/tags/{Resource}" },
  {
    name: "ListVersionsByFunction",
    method: "GET",
    path: "/2015-03-31/functions/{FunctionName}/versions",
  },
  { name: "PublishLayerVersion", method: "POST", path: "/2018-10-31/layers/{LayerName}/versions" },
  { name: "PublishVersion", method: "POST", path: "/2015-03-31/functions/{FunctionName}/versions" },
  {
    name: "PutFunctionCodeSigningConfig",
    method: "PUT",
    path: "/2020-06-30/functions/{FunctionName}/code-signing-config",
  },
  {
    name: "PutFunctionConcurrency",
    method: "PUT",
    path: "/2017-10-31/functions/{FunctionName}/concurrency",
  },
  {
    name: "PutFunctionEventInvokeConfig",
    method: "PUT",
    path: "/2019-09-25/functions/{FunctionName}/event-invoke-config",
  },
  {
    name: "PutFunctionRecursionConfig",
    method: "PUT",
    path: "/2024-08-31/functions/{FunctionName}/recursion-config",
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
  { name: "PutResourcePolicy", method: "PUT", path: "/2026-07-09/resource-policy/{ResourceArn}" },
  {
    name: "PutRuntimeManagementConfig",
    method: "PUT",
    path: "/2021-07-20/functions/{FunctionName}/runtime-management-config",
  },
  {
    name: "RemoveLayerVersionPermission",
    method: "DELETE",
    path: "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}/policy/{StatementId}",
  },
  {
    name: "RemovePermission",
    method: "DELETE",
    path: "/2015-03-31/functions/{FunctionName}/policy/{StatementId}",
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
  { name: "TagResource", method: "POST", path: "/2017-03-31/tags/{Resource}" },
  { name: "UntagResource", method: "DELETE", path: "/2017-03-31/tags/{Resource}" },
  {
    name: "UpdateAlias",
    method: "PUT",
    path: "/2015-03-31/functions/{FunctionName}/aliases/{Name}",
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
  { name: "UpdateFunctionCode", method: "PUT", path: "/2015-03-31/functions/{FunctionName}/code" },
  {
    name: "UpdateFunctionConfiguration",
    method: "PUT",
    path: "/2015-03-31/functions/{FunctionName}/configuration",
  },
  {
    name: "UpdateFunctionEventInvokeConfig",
    method: "POST",
    path: "/2019-09-25/functions/{FunctionName}/event-invoke-config",
  },
  {
    name: "UpdateFunctionUrlConfig",
    method: "PUT",
    path: "/2021-10-31/functions/{FunctionName}/url",
  },
];
