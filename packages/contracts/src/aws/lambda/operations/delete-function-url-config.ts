import { z } from "zod";
import { urlQualifierMember } from "../members.ts";
import { operation } from "../operation.ts";
import { neverInConflict } from "../ungiven.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunctionUrlConfig.html */
export const deleteFunctionUrlConfig = operation({
  name: "DeleteFunctionUrlConfig",
  method: "DELETE",
  path: "/2021-10-31/functions/{FunctionName}/url",
  status: 204,
  query: ["Qualifier"],
  input: z.object({ Qualifier: urlQualifierMember.optional() }),
  errors: ["ResourceNotFoundException"],
  ungiven: neverInConflict,
});
