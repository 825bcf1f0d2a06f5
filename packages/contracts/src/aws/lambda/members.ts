import { z } from "zod";
import { limits } from "../../limits.ts";
import { enumListMember, enumMember, integerMember, textMember } from "./constraints.ts";

/**
 * Members that several operations share.
 * Limits: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 * Shapes: https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html
 */
export const functionReferenceMember = textMember({
  min: 1,
  max: 140,
  pattern:
    "(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?",
});
export const roleMember = textMember({
  pattern: "arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+",
});
export const descriptionMember = textMember({ max: 256 });
export const architecturesMember = enumListMember(["x86_64", "arm64"]);
/** Present, but nobody looks inside: control says that it is not offered. */
const anything = z.unknown();

/** What CreateFunction and UpdateFunctionConfiguration both configure. All optional here. */
export const configurationMembers = {
  Runtime: z.string().optional(),
  Role: roleMember.optional(),
  Handler: textMember({ max: 128, pattern: "[^\\s]+" }).optional(),
  Description: descriptionMember.optional(),
  Timeout: integerMember({
    min: limits.timeoutSecondsMin,
    max: limits.timeoutSecondsMax,
  }).optional(),
  MemorySize: integerMember({ min: limits.memoryMbMin, max: limits.memoryMbMax }).optional(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()).optional() }).optional(),
  EphemeralStorage: z
    .object({
      Size: integerMember({
        min: limits.ephemeralStorageMbMin,
        max: limits.ephemeralStorageMbMax,
      }),
    })
    .optional(),
  TracingConfig: z.object({ Mode: enumMember(["Active", "PassThrough"]).optional() }).optional(),
  DeadLetterConfig: z
    .object({
      TargetArn: textMember({
        pattern: "(arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|()",
      }).optional(),
    })
    .optional(),
  LoggingConfig: z
    .object({
      LogFormat: enumMember(["JSON", "Text"]).optional(),
      ApplicationLogLevel: enumMember([
        "TRACE",
        "DEBUG",
        "INFO",
        "WARN",
        "ERROR",
        "FATAL",
      ]).optional(),
      SystemLogLevel: enumMember(["DEBUG", "INFO", "WARN"]).optional(),
      LogGroup: textMember({ min: 1, max: 512, pattern: "[\\.\\-_/#A-Za-z0-9]+" }).optional(),
    })
    .optional(),
  SnapStart: z.object({ ApplyOn: enumMember(["PublishedVersions", "None"]).optional() }).optional(),
  Layers: z.array(z.string()).optional(),
  VpcConfig: z
    .object({
      SubnetIds: z.array(z.string()).optional(),
      SecurityGroupIds: z.array(z.string()).optional(),
    })
    .optional(),
  FileSystemConfigs: z.array(anything).optional(),
  KMSKeyArn: z.string().optional(),
  ImageConfig: anything.optional(),
  CapacityProviderConfig: anything.optional(),
  DurableConfig: anything.optional(),
};

/** Where code may come from; only ZipFile is offered. */
export const codeMembers = {
  /** Base64. */
  ZipFile: z.string().optional(),
  S3Bucket: z.string().optional(),
  S3Key: z.string().optional(),
  S3ObjectVersion: z.string().optional(),
  ImageUri: z.string().optional(),
  SourceKMSKeyArn: z.string().optional(),
};
