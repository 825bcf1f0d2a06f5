import { z } from "zod";

const destinationSchema = z.object({ Destination: z.string().optional() });

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_FunctionEventInvokeConfig.html */
export const awsEventInvokeConfigSchema = z.object({
  /** Seconds since the epoch, with a fraction. */
  LastModified: z.number(),
  /** Qualified always. */
  FunctionArn: z.string(),
  MaximumRetryAttempts: z.number().optional(),
  MaximumEventAgeInSeconds: z.number().optional(),
  /** With both members always. */
  DestinationConfig: z.object({ OnSuccess: destinationSchema, OnFailure: destinationSchema }),
});
export type AwsEventInvokeConfig = z.output<typeof awsEventInvokeConfigSchema>;
