import { z } from "zod";
import { enumMember } from "../constraints.ts";
import { awsCreatedFunctionUrlSchema } from "../documents/function-url-config.ts";
import { corsMember, urlQualifierMember } from "../members.ts";
import { type InputOf, operation } from "../operation.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunctionUrlConfig.html */
export const createFunctionUrlConfig = operation({
  name: "CreateFunctionUrlConfig",
  method: "POST",
  path: "/2021-10-31/functions/{FunctionName}/url",
  status: 201,
  query: ["Qualifier"],
  input: z.object({
    Qualifier: urlQualifierMember.optional(),
    AuthType: enumMember(["NONE", "AWS_IAM"]),
    Cors: corsMember.optional(),
    InvokeMode: enumMember(["BUFFERED", "RESPONSE_STREAM"]).optional(),
  }),
  answer: awsCreatedFunctionUrlSchema,
  errors: ["ResourceConflictException", "ResourceNotFoundException"],
});
export type CreateFunctionUrlConfigRequest = InputOf<typeof createFunctionUrlConfig>;
