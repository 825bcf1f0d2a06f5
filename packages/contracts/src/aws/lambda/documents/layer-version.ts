import { z } from "zod";

const listed = {
  LayerVersionArn: z.string(),
  Version: z.number(),
  /** Empty where none was given. */
  Description: z.string(),
  CreatedDate: z.string(),
  CompatibleRuntimes: z.array(z.string()).optional(),
  LicenseInfo: z.string().optional(),
  CompatibleArchitectures: z.array(z.string()).optional(),
};

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_LayerVersionsListItem.html */
export const awsLayerListItemSchema = z.object(listed);
export type AwsLayerListItem = z.output<typeof awsLayerListItemSchema>;

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetLayerVersion.html */
export const awsLayerVersionSchema = z.object({
  Content: z.object({ Location: z.string(), CodeSha256: z.string(), CodeSize: z.number() }),
  LayerArn: z.string(),
  ...listed,
});
export type AwsLayerVersion = z.output<typeof awsLayerVersionSchema>;
