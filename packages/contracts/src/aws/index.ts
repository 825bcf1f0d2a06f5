export { type LambdaOperation, lambdaOperations } from "./lambda/operations.ts";
export { retiredRuntimes, supportedRuntimes } from "./lambda/runtimes.ts";
export {
  type CreateFunctionRequest,
  createFunctionRequestSchema,
} from "./lambda/create-function.ts";
export {
  type UpdateFunctionCodeRequest,
  updateFunctionCodeRequestSchema,
} from "./lambda/update-function-code.ts";
export {
  type UpdateFunctionConfigurationRequest,
  updateFunctionConfigurationRequestSchema,
} from "./lambda/update-function-configuration.ts";
export {
  type PublishVersionRequest,
  publishVersionRequestSchema,
} from "./lambda/publish-version.ts";
export { listFunctionsQuerySchema, listLimits, listQuerySchema } from "./lambda/list-functions.ts";
export {
  type AwsFunctionConfiguration,
  awsFunctionConfigurationSchema,
  type GetFunctionResponse,
  getFunctionResponseSchema,
} from "./lambda/function-configuration.ts";
