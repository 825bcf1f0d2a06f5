import { z } from "zod";
import { awsFunctionConfigurationSchema } from "../documents/function-configuration.ts";
import { descriptionMember } from "../members.ts";
import { type InputOf, operation } from "../operation.ts";
import { managedInstances } from "../ungiven.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html */
export const publishVersion = operation({
  name: "PublishVersion",
  method: "POST",
  path: "/2015-03-31/functions/{FunctionName}/versions",
  status: 201,
  bodyBytes: 5120,
  input: z.object({
    CodeSha256: z.string().optional(),
    Description: descriptionMember.optional(),
    RevisionId: z.string().optional(),
    PublishTo: z.string().optional(),
  }),
  answer: awsFunctionConfigurationSchema,
  errors: [
    "CodeStorageExceededException",
    "PreconditionFailedException",
    "ResourceConflictException",
    "ResourceNotFoundException",
  ],
  ungiven: managedInstances,
});
export type PublishVersionRequest = InputOf<typeof publishVersion>;
