import { awsFunctionConfigurationSchema } from "../documents/function-configuration.ts";
import { qualifierInput } from "../members.ts";
import { operation } from "../operation.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html */
export const getFunctionConfiguration = operation({
  name: "GetFunctionConfiguration",
  method: "GET",
  path: "/2015-03-31/functions/{FunctionName}/configuration",
  status: 200,
  ...qualifierInput,
  answer: awsFunctionConfigurationSchema,
  errors: ["ResourceNotFoundException"],
});
