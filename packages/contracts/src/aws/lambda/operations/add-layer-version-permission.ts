import { z } from "zod";
import { textMember } from "../constraints.ts";
import { layerVersionLabels, statementIdMember } from "../members.ts";
import { type InputOf, operation } from "../operation.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_AddLayerVersionPermission.html */
export const addLayerVersionPermission = operation({
  name: "AddLayerVersionPermission",
  method: "POST",
  path: "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}/policy",
  status: 201,
  query: ["RevisionId"],
  input: z.object({
    ...layerVersionLabels,
    StatementId: statementIdMember,
    Action: textMember({ max: 22, pattern: "lambda:GetLayerVersion" }),
    Principal: textMember({ pattern: "\\d{12}|\\*|arn:(aws[a-zA-Z-]*):iam::\\d{12}:root" }),
    OrganizationId: textMember({ max: 34, pattern: "o-[a-z0-9]{10,32}" }).optional(),
    RevisionId: z.string().optional(),
  }),
  answer: z.object({ Statement: z.string(), RevisionId: z.string() }),
  errors: [
    "PolicyLengthExceededException",
    "PreconditionFailedException",
    "ResourceConflictException",
    "ResourceNotFoundException",
  ],
});
export type AddLayerVersionPermissionRequest = InputOf<typeof addLayerVersionPermission>;
