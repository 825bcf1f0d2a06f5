import { z } from "zod";
import { descriptionMember } from "./members.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html */
export const publishVersionRequestSchema = z.object({
  CodeSha256: z.string().optional(),
  Description: descriptionMember.optional(),
  RevisionId: z.string().optional(),
  PublishTo: z.string().optional(),
});
export type PublishVersionRequest = z.output<typeof publishVersionRequestSchema>;
