import { z } from "zod";
import { layerVersionLabels, statementIdMember } from "../members.ts";
import { operation } from "../operation.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_RemoveLayerVersionPermission.html */
export const removeLayerVersionPermission = operation({
  name: "RemoveLayerVersionPermission",
  method: "DELETE",
  path: "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}/policy/{StatementId}",
  status: 204,
  query: ["RevisionId"],
  input: z.object({
    ...layerVersionLabels,
    StatementId: statementIdMember,
    RevisionId: z.string().optional(),
  }),
  errors: ["PreconditionFailedException", "ResourceNotFoundException"],
});
