import { z } from "zod";
import { enumMember } from "./constraints.ts";
import {
  architecturesMember,
  codeMembers,
  configurationMembers,
  functionReferenceMember,
  roleMember,
} from "./members.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
export const createFunctionRequestSchema = z.object({
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
});
export type CreateFunctionRequest = z.output<typeof createFunctionRequestSchema>;
