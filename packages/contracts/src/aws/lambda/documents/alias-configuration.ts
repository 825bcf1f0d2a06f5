import { z } from "zod";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_AliasConfiguration.html */
export const awsAliasConfigurationSchema = z.object({
  AliasArn: z.string(),
  Name: z.string(),
  FunctionVersion: z.string(),
  /** Empty where none was given. */
  Description: z.string(),
  RoutingConfig: z
    .object({ AdditionalVersionWeights: z.record(z.string(), z.number()) })
    .optional(),
  RevisionId: z.string(),
});
export type AwsAliasConfiguration = z.output<typeof awsAliasConfigurationSchema>;
