import { z } from "zod";
import { awsLayerVersionSchema } from "../documents/layer-version.ts";
import { layerVersionArnMember } from "../members.ts";
import { operation } from "../operation.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetLayerVersionByArn.html */
export const getLayerVersionByArn = operation({
  name: "GetLayerVersionByArn",
  method: "GET",
  path: "/2018-10-31/layers",
  status: 200,
  selector: { parameter: "find", value: "LayerVersion" },
  query: ["Arn"],
  input: z.object({ Arn: layerVersionArnMember }),
  answer: awsLayerVersionSchema,
  errors: ["ResourceNotFoundException"],
});
