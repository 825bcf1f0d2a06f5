export {
  type AnswerOf,
  commonErrors,
  type InputOf,
  type OperationAddress,
  type OperationShape,
} from "./lambda/operation.ts";
export { type ControlOperations, controlOperations, gatewayOperations } from "./lambda/offered.ts";
export { unofferedOperations } from "./lambda/unoffered.ts";
export { retiredRuntimes, supportedRuntimes } from "./lambda/runtimes.ts";
export type { EventInvokeConfigRequest } from "./lambda/operations/put-function-event-invoke-config.ts";
export type { AddLayerVersionPermissionRequest } from "./lambda/operations/add-layer-version-permission.ts";
export type { PublishLayerVersionRequest } from "./lambda/operations/publish-layer-version.ts";
export type { AddPermissionRequest } from "./lambda/operations/add-permission.ts";
export type { CreateFunctionUrlConfigRequest } from "./lambda/operations/create-function-url-config.ts";
export type { UpdateFunctionUrlConfigRequest } from "./lambda/operations/update-function-url-config.ts";
export type { CreateAliasRequest } from "./lambda/operations/create-alias.ts";
export type { CreateFunctionRequest } from "./lambda/operations/create-function.ts";
export type { PublishVersionRequest } from "./lambda/operations/publish-version.ts";
export type { UpdateAliasRequest } from "./lambda/operations/update-alias.ts";
export type { UpdateFunctionCodeRequest } from "./lambda/operations/update-function-code.ts";
export type { UpdateFunctionConfigurationRequest } from "./lambda/operations/update-function-configuration.ts";
export type { AwsEventInvokeConfig } from "./lambda/documents/event-invoke-config.ts";
export type { AwsLayerListItem, AwsLayerVersion } from "./lambda/documents/layer-version.ts";
export type { AwsRuntimeManagementConfig } from "./lambda/documents/runtime-management-config.ts";
export type {
  AwsCreatedFunctionUrl,
  AwsFunctionUrlConfig,
} from "./lambda/documents/function-url-config.ts";
export type { AwsAliasConfiguration } from "./lambda/documents/alias-configuration.ts";
export type {
  AwsFunctionConfiguration,
  GetFunctionResponse,
} from "./lambda/documents/function-configuration.ts";
