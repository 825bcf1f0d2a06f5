import { functionConcurrencySchema } from "../documents/function-concurrency.ts";
import { operation } from "../operation.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConcurrency.html */
export const getFunctionConcurrency = operation({
  name: "GetFunctionConcurrency",
  method: "GET",
  path: "/2019-09-30/functions/{FunctionName}/concurrency",
  status: 200,
  answer: functionConcurrencySchema,
  errors: ["ResourceNotFoundException"],
});
