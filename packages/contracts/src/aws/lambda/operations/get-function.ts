import { getFunctionResponseSchema } from "../documents/function-configuration.ts";
import { qualifierInput } from "../members.ts";
import { operation } from "../operation.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html */
export const getFunction = operation({
  name: "GetFunction",
  method: "GET",
  path: "/2015-03-31/functions/{FunctionName}",
  status: 200,
  ...qualifierInput,
  answer: getFunctionResponseSchema,
  errors: ["ResourceNotFoundException"],
});
