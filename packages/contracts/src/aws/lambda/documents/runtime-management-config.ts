import { z } from "zod";

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetRuntimeManagementConfig.html */
export const awsRuntimeManagementConfigSchema = z.object({
  UpdateRuntimeOn: z.literal("Auto"),
  FunctionArn: z.string(),
});
export type AwsRuntimeManagementConfig = z.output<typeof awsRuntimeManagementConfigSchema>;
