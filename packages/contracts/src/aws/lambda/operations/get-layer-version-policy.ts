import { z } from "zod";
import { layerVersionLabels } from "../members.ts";
import { operation } from "../operation.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetLayerVersionPolicy.html */
export const getLayerVersionPolicy = operation({
  name: "GetLayerVersionPolicy",
  method: "GET",
  path: "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}/policy",
  status: 200,
  input: z.object(layerVersionLabels),
  answer: z.object({ Policy: z.string(), RevisionId: z.string() }),
  errors: ["ResourceNotFoundException"],
});
