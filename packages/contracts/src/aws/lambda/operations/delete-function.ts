import { qualifierInput } from "../members.ts";
import { operation } from "../operation.ts";

/**
 * The service model says 200, AWS answers 204.
 * Source: https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunction.html
 */
export const deleteFunction = operation({
  name: "DeleteFunction",
  method: "DELETE",
  path: "/2015-03-31/functions/{FunctionName}",
  status: 204,
  ...qualifierInput,
  errors: ["ResourceConflictException", "ResourceNotFoundException"],
});
