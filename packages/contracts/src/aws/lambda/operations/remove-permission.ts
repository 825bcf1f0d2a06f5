import { z } from "zod";
import { textMember } from "../constraints.ts";
import { operation } from "../operation.ts";
import { blockedPublicPolicies } from "../ungiven.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_RemovePermission.html */
export const removePermission = operation({
  name: "RemovePermission",
  method: "DELETE",
  path: "/2015-03-31/functions/{FunctionName}/policy/{StatementId}",
  status: 204,
  query: ["Qualifier", "RevisionId"],
  input: z.object({
    Qualifier: z.string().optional(),
    StatementId: textMember({ min: 1, max: 100, pattern: "([a-zA-Z0-9-_.]+)" }),
    RevisionId: z.string().optional(),
  }),
  errors: ["PreconditionFailedException", "ResourceNotFoundException"],
  ungiven: blockedPublicPolicies,
});
