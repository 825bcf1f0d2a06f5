import { operation } from "../operation.ts";
import { neverInConflict } from "../ungiven.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunctionConcurrency.html */
export const deleteFunctionConcurrency = operation({
  name: "DeleteFunctionConcurrency",
  method: "DELETE",
  path: "/2017-10-31/functions/{FunctionName}/concurrency",
  status: 204,
  errors: ["ResourceNotFoundException"],
  ungiven: neverInConflict,
});
