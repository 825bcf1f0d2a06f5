import { z } from "zod";
import { limits } from "../../../limits.ts";
import { awsFunctionConfigurationSchema } from "../documents/function-configuration.ts";
import { architecturesMember, codeMembers } from "../members.ts";
import { type InputOf, operation } from "../operation.ts";
import { codeSigning } from "../ungiven.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html */
export const updateFunctionCode = operation({
  name: "UpdateFunctionCode",
  method: "PUT",
  path: "/2015-03-31/functions/{FunctionName}/code",
  status: 200,
  bodyBytes: limits.createFunctionRequestBytes,
  input: z.object({
    ...codeMembers,
    Architectures: architecturesMember.optional(),
    Publish: z.boolean().optional(),
    PublishTo: z.string().optional(),
    DryRun: z.boolean().optional(),
    RevisionId: z.string().optional(),
  }),
  answer: awsFunctionConfigurationSchema,
  errors: [
    "CodeStorageExceededException",
    "PreconditionFailedException",
    "ResourceConflictException",
    "ResourceNotFoundException",
  ],
  ungiven: codeSigning,
});
export type UpdateFunctionCodeRequest = InputOf<typeof updateFunctionCode>;
