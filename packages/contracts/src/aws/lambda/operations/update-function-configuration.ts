import { z } from "zod";
import { awsFunctionConfigurationSchema } from "../documents/function-configuration.ts";
import { configurationMembers } from "../members.ts";
import { type InputOf, operation } from "../operation.ts";
import { codeSigning } from "../ungiven.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html */
export const updateFunctionConfiguration = operation({
  name: "UpdateFunctionConfiguration",
  method: "PUT",
  path: "/2015-03-31/functions/{FunctionName}/configuration",
  status: 200,
  bodyBytes: 5120,
  input: z.object({ ...configurationMembers, RevisionId: z.string().optional() }),
  answer: awsFunctionConfigurationSchema,
  errors: ["PreconditionFailedException", "ResourceConflictException", "ResourceNotFoundException"],
  ungiven: codeSigning,
});
export type UpdateFunctionConfigurationRequest = InputOf<typeof updateFunctionConfiguration>;
