import { z } from "zod";
import { textMember } from "../constraints.ts";
import { policyResourceMember } from "../members.ts";
import { operation } from "../operation.ts";
import { blockedPublicPolicies, neverInConflict } from "../ungiven.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_PutResourcePolicy.html */
export const putResourcePolicy = operation({
  name: "PutResourcePolicy",
  method: "PUT",
  path: "/2026-07-09/resource-policy/{ResourceArn}",
  status: 200,
  input: z.object({
    ResourceArn: policyResourceMember,
    Policy: textMember({ min: 1, max: 20_480 }),
    RevisionId: z.string().optional(),
  }),
  answer: z.object({ Policy: z.string(), RevisionId: z.string() }),
  errors: ["PreconditionFailedException", "ResourceNotFoundException"],
  ungiven: {
    ...blockedPublicPolicies,
    ...neverInConflict,
    PolicyLengthExceededException: "the constraint on the member's length comes first",
  },
});
