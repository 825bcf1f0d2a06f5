import { z } from "zod";
import { layerVersionLabels } from "../members.ts";
import { operation } from "../operation.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_DeleteLayerVersion.html */
export const deleteLayerVersion = operation({
  name: "DeleteLayerVersion",
  method: "DELETE",
  path: "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}",
  status: 204,
  input: z.object(layerVersionLabels),
  errors: [],
  ungiven: { ResourceNotFoundException: "a version that is not there is no error, as on AWS" },
});
