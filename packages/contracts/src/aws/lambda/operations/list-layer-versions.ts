import { z } from "zod";
import { awsLayerListItemSchema } from "../documents/layer-version.ts";
import { compatibilityMembers, layerNameMember, pageInput } from "../members.ts";
import { operation } from "../operation.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_ListLayerVersions.html */
export const listLayerVersions = operation({
  name: "ListLayerVersions",
  method: "GET",
  path: "/2018-10-31/layers/{LayerName}/versions",
  status: 200,
  query: ["CompatibleRuntime", "CompatibleArchitecture", "Marker", "MaxItems"],
  input: z.object({
    LayerName: layerNameMember,
    ...pageInput({ maxItems: 50 }),
    ...compatibilityMembers,
  }),
  answer: z.object({
    NextMarker: z.string().optional(),
    LayerVersions: z.array(awsLayerListItemSchema),
  }),
  errors: [],
  ungiven: { ResourceNotFoundException: "a layer that is not there has no versions, as on AWS" },
});
