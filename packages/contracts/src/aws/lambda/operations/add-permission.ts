import { z } from "zod";
import { enumMember, textMember } from "../constraints.ts";
import { statementIdMember } from "../members.ts";
import { type InputOf, operation } from "../operation.ts";
import { blockedPublicPolicies } from "../ungiven.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html */
export const addPermission = operation({
  name: "AddPermission",
  method: "POST",
  path: "/2015-03-31/functions/{FunctionName}/policy",
  status: 201,
  query: ["Qualifier"],
  input: z.object({
    Qualifier: z.string().optional(),
    StatementId: statementIdMember,
    Action: textMember({ pattern: "(lambda:[*]|lambda:[a-zA-Z]+|[*])" }),
    Principal: textMember({ pattern: "[^\\s]+" }),
    SourceArn: textMember({
      pattern:
        "arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)",
    }).optional(),
    SourceAccount: textMember({ max: 12, pattern: "\\d{12}" }).optional(),
    EventSourceToken: textMember({ max: 256, pattern: "[a-zA-Z0-9._\\-]+" }).optional(),
    RevisionId: z.string().optional(),
    PrincipalOrgID: textMember({ min: 12, max: 34, pattern: "o-[a-z0-9]{10,32}" }).optional(),
    FunctionUrlAuthType: enumMember(["NONE", "AWS_IAM"]).optional(),
    InvokedViaFunctionUrl: z.boolean().optional(),
  }),
  answer: z.object({ Statement: z.string() }),
  errors: [
    "PolicyLengthExceededException",
    "PreconditionFailedException",
    "ResourceConflictException",
    "ResourceNotFoundException",
  ],
  ungiven: blockedPublicPolicies,
});
export type AddPermissionRequest = InputOf<typeof addPermission>;
