import { qualifierInput } from "../members.ts";
import { operation } from "../operation.ts";
import { neverInConflict } from "../ungiven.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunctionEventInvokeConfig.html */
export const deleteFunctionEventInvokeConfig = operation({
  name: "DeleteFunctionEventInvokeConfig",
  method: "DELETE",
  path: "/2019-09-25/functions/{FunctionName}/event-invoke-config",
  status: 204,
  ...qualifierInput,
  errors: ["ResourceNotFoundException"],
  ungiven: neverInConflict,
});
