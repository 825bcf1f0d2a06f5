import { z } from "zod";
import { enumMember } from "../constraints.ts";
import { awsFunctionUrlConfigSchema } from "../documents/function-url-config.ts";
import { corsMember, urlQualifierMember } from "../members.ts";
import { type InputOf, operation } from "../operation.ts";
import { neverInConflict } from "../ungiven.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionUrlConfig.html */
export const updateFunctionUrlConfig = operation({
  name: "UpdateFunctionUrlConfig",
  method: "PUT",
  path: "/2021-10-31/functions/{FunctionName}/url",
  status: 200,
  query: ["Qualifier"],
  input: z.object({
    Qualifier: urlQualifierMember.optional(),
    AuthType: enumMember(["NONE", "AWS_IAM"]).optional(),
    Cors: corsMember.optional(),
    InvokeMode: enumMember(["BUFFERED", "RESPONSE_STREAM"]).optional(),
  }),
  answer: awsFunctionUrlConfigSchema,
  errors: ["ResourceNotFoundException"],
  ungiven: neverInConflict,
});
export type UpdateFunctionUrlConfigRequest = InputOf<typeof updateFunctionUrlConfig>;
