import { awsEventInvokeConfigSchema } from "../documents/event-invoke-config.ts";
import { qualifierInput } from "../members.ts";
import { operation } from "../operation.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionEventInvokeConfig.html */
export const getFunctionEventInvokeConfig = operation({
  name: "GetFunctionEventInvokeConfig",
  method: "GET",
  path: "/2019-09-25/functions/{FunctionName}/event-invoke-config",
  status: 200,
  ...qualifierInput,
  answer: awsEventInvokeConfigSchema,
  errors: ["ResourceNotFoundException"],
});
