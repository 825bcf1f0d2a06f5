import { z } from "zod";
import { limits } from "../../../limits.ts";
import { enumMember } from "../constraints.ts";
import { awsFunctionConfigurationSchema } from "../documents/function-configuration.ts";
import {
  architecturesMember,
  codeMembers,
  configurationMembers,
  functionReferenceMember,
  roleMember,
} from "../members.ts";
import { type InputOf, operation } from "../operation.ts";
import { codeSigning, managedInstances } from "../ungiven.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
export const createFunction = operation({
  name: "CreateFunction",
  method: "POST",
  path: "/2015-03-31/functions",
  status: 201,
  bodyBytes: limits.createFunctionRequestBytes,
  input: z.object({
    ...configurationMembers,
    FunctionName: functionReferenceMember,
    Role: roleMember,
    Code: z.object(codeMembers),
    Publish: z.boolean().optional(),
    PublishTo: z.string().optional(),
    PackageType: enumMember(["Image", "Zip"]).optional(),
    Architectures: architecturesMember.optional(),
    Tags: z.record(z.string(), z.string()).optional(),
    CodeSigningConfigArn: z.string().optional(),
    TenancyConfig: z.unknown().optional(),
  }),
  answer: awsFunctionConfigurationSchema,
  errors: ["CodeStorageExceededException", "ResourceConflictException"],
  ungiven: {
    ...codeSigning,
    ...managedInstances,
    ResourceNotFoundException: "nothing that it could name and not find is offered",
  },
});
export type CreateFunctionRequest = InputOf<typeof createFunction>;
