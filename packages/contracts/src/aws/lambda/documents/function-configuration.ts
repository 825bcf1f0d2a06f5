import { z } from "zod";

/**
 * What Create, Update, Publish and GetFunctionConfiguration answer, in this order of members. What is
 * absent there is absent here: SDKs and Terraform tell absent from null.
 * Source: https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html and the
 * recordings in ../shared/spec/lambda-spec.md §1.6.
 */
export const awsFunctionConfigurationSchema = z.object({
  FunctionName: z.string(),
  FunctionArn: z.string(),
  Runtime: z.string(),
  Role: z.string(),
  Handler: z.string(),
  CodeSize: z.number(),
  Description: z.string(),
  Timeout: z.number(),
  MemorySize: z.number(),
  /** `2026-01-02T03:04:05.678+0000`. */
  LastModified: z.string(),
  /** Base64 of the zip's SHA-256. */
  CodeSha256: z.string(),
  Version: z.string(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }).optional(),
  DeadLetterConfig: z.object({ TargetArn: z.string() }).optional(),
  TracingConfig: z.object({ Mode: z.enum(["Active", "PassThrough"]) }),
  RevisionId: z.string(),
  /** Absent where the function has none. */
  Layers: z.array(z.object({ Arn: z.string(), CodeSize: z.number() })).optional(),
  State: z.string().optional(),
  StateReason: z.string().optional(),
  StateReasonCode: z.string().optional(),
  LastUpdateStatus: z.string().optional(),
  LastUpdateStatusReason: z.string().optional(),
  LastUpdateStatusReasonCode: z.string().optional(),
  PackageType: z.literal("Zip"),
  Architectures: z.array(z.string()),
  EphemeralStorage: z.object({ Size: z.number() }),
  SnapStart: z.object({ ApplyOn: z.literal("None"), OptimizationStatus: z.literal("Off") }),
  RuntimeVersionConfig: z.object({ RuntimeVersionArn: z.string() }).optional(),
  LoggingConfig: z.object({
    LogFormat: z.enum(["Text", "JSON"]),
    ApplicationLogLevel: z.string().optional(),
    SystemLogLevel: z.string().optional(),
    LogGroup: z.string(),
  }),
});
export type AwsFunctionConfiguration = z.output<typeof awsFunctionConfigurationSchema>;

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html */
export const getFunctionResponseSchema = z.object({
  Configuration: awsFunctionConfigurationSchema,
  Code: z.object({ RepositoryType: z.literal("S3"), Location: z.string() }),
  Tags: z.record(z.string(), z.string()).optional(),
  Concurrency: z.object({ ReservedConcurrentExecutions: z.number() }).optional(),
});
export type GetFunctionResponse = z.output<typeof getFunctionResponseSchema>;
