import { z } from "zod";

const corsSchema = z.object({
  AllowCredentials: z.boolean().optional(),
  AllowHeaders: z.array(z.string()).optional(),
  AllowMethods: z.array(z.string()).optional(),
  AllowOrigins: z.array(z.string()).optional(),
  ExposeHeaders: z.array(z.string()).optional(),
  MaxAge: z.number().optional(),
});

const created = {
  FunctionUrl: z.string(),
  FunctionArn: z.string(),
  AuthType: z.enum(["NONE", "AWS_IAM"]),
  /** With the members that were given. */
  Cors: corsSchema.optional(),
  CreationTime: z.string(),
};

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunctionUrlConfig.html */
export const awsCreatedFunctionUrlSchema = z.object({
  ...created,
  /** Absent where the request has not named one. */
  InvokeMode: z.enum(["BUFFERED", "RESPONSE_STREAM"]).optional(),
});
export type AwsCreatedFunctionUrl = z.output<typeof awsCreatedFunctionUrlSchema>;

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_FunctionUrlConfig.html */
export const awsFunctionUrlConfigSchema = z.object({
  ...created,
  LastModifiedTime: z.string(),
  InvokeMode: z.enum(["BUFFERED", "RESPONSE_STREAM"]),
});
export type AwsFunctionUrlConfig = z.output<typeof awsFunctionUrlConfigSchema>;
