import { z } from "zod";
import { architecturesMember, codeMembers } from "./members.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html */
export const updateFunctionCodeRequestSchema = z.object({
  ...codeMembers,
  Architectures: architecturesMember.optional(),
  Publish: z.boolean().optional(),
  PublishTo: z.string().optional(),
  DryRun: z.boolean().optional(),
  RevisionId: z.string().optional(),
});
export type UpdateFunctionCodeRequest = z.output<typeof updateFunctionCodeRequestSchema>;
