import { z } from "zod";
import { awsFunctionUrlConfigSchema } from "../documents/function-url-config.ts";
import { urlQualifierMember } from "../members.ts";
import { operation } from "../operation.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionUrlConfig.html */
export const getFunctionUrlConfig = operation({
  name: "GetFunctionUrlConfig",
  method: "GET",
  path: "/2021-10-31/functions/{FunctionName}/url",
  status: 200,
  query: ["Qualifier"],
  input: z.object({ Qualifier: urlQualifierMember.optional() }),
  answer: awsFunctionUrlConfigSchema,
  errors: ["ResourceNotFoundException"],
});
