import { awsRuntimeManagementConfigSchema } from "../documents/runtime-management-config.ts";
import { qualifierInput } from "../members.ts";
import { operation } from "../operation.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetRuntimeManagementConfig.html */
export const getRuntimeManagementConfig = operation({
  name: "GetRuntimeManagementConfig",
  method: "GET",
  path: "/2021-07-20/functions/{FunctionName}/runtime-management-config",
  status: 200,
  ...qualifierInput,
  answer: awsRuntimeManagementConfigSchema,
  errors: ["ResourceNotFoundException"],
});
