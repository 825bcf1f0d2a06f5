import { z } from "zod";
import { awsLayerVersionSchema } from "../documents/layer-version.ts";
import { layerVersionLabels } from "../members.ts";
import { operation } from "../operation.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetLayerVersion.html */
export const getLayerVersion = operation({
  name: "GetLayerVersion",
  method: "GET",
  path: "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}",
  status: 200,
  input: z.object(layerVersionLabels),
  answer: awsLayerVersionSchema,
  errors: ["ResourceNotFoundException"],
});
