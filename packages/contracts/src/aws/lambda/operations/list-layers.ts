import { z } from "zod";
import { awsLayerListItemSchema } from "../documents/layer-version.ts";
import { compatibilityMembers, pageInput } from "../members.ts";
import { operation } from "../operation.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_ListLayers.html */
export const listLayers = operation({
  name: "ListLayers",
  method: "GET",
  path: "/2018-10-31/layers",
  status: 200,
  query: ["CompatibleRuntime", "CompatibleArchitecture", "Marker", "MaxItems"],
  input: z.object({ ...pageInput({ maxItems: 50 }), ...compatibilityMembers }),
  answer: z.object({
    NextMarker: z.string().optional(),
    Layers: z.array(
      z.object({
        LayerName: z.string(),
        LayerArn: z.string(),
        LatestMatchingVersion: awsLayerListItemSchema,
      }),
    ),
  }),
  errors: [],
});
