import { z } from "zod";
import { limits } from "../../../limits.ts";
import { enumsMember, textMember } from "../constraints.ts";
import { awsLayerVersionSchema } from "../documents/layer-version.ts";
import { descriptionMember, layerNameMember } from "../members.ts";
import { type InputOf, operation } from "../operation.ts";
import { allRuntimes } from "../runtimes.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_PublishLayerVersion.html */
export const publishLayerVersion = operation({
  name: "PublishLayerVersion",
  method: "POST",
  path: "/2018-10-31/layers/{LayerName}/versions",
  status: 201,
  bodyBytes: limits.createFunctionRequestBytes,
  input: z.object({
    LayerName: layerNameMember,
    Content: z.object({
      ZipFile: z.string().optional(),
      S3Bucket: z.string().optional(),
      S3Key: z.string().optional(),
      S3ObjectVersion: z.string().optional(),
    }),
    Description: descriptionMember.optional(),
    CompatibleRuntimes: enumsMember(allRuntimes, { max: 15 }).optional(),
    CompatibleArchitectures: enumsMember(["x86_64", "arm64"], { max: 2 }).optional(),
    LicenseInfo: textMember({ max: 512 }).optional(),
  }),
  answer: awsLayerVersionSchema,
  errors: ["CodeStorageExceededException"],
  ungiven: { ResourceNotFoundException: "nothing that it could name and not find is offered" },
});
export type PublishLayerVersionRequest = InputOf<typeof publishLayerVersion>;
