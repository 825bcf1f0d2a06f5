import { z } from "zod";
import { limits } from "../../limits.ts";
import {
  enumListMember,
  enumMember,
  integerMember,
  queryIntegerMember,
  textMember,
} from "./constraints.ts";
import { allRuntimes } from "./runtimes.ts";

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

const LAYER_ARN =
  "(arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\\d{12}:layer:[a-zA-Z0-9-_]+:[0-9]+)|(arn:[a-zA-Z0-9-]+:lambda:::awslayer:[a-zA-Z0-9-_]+)";
const layersMember = z
  .array(z.string())
  .refine(
    (arns) => arns.every((arn) => arn.length <= 140 && new RegExp(`^(?:${LAYER_ARN})$`).test(arn)),
    `Member must satisfy constraint: [Member must have length less than or equal to 140, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: ${LAYER_ARN}, Member must not be null]`,
  );

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
  Layers: layersMember.optional(),
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

/** `Qualifier` of a query string; parseFunctionReference checks it together with the name. */
export const qualifierInput = {
  query: ["Qualifier"],
  input: z.object({ Qualifier: z.string().optional() }),
} as const;

/** Pages: what the caller may ask for. Control answers 50 at most, whatever is asked. */
export function pageInput(bounds: { maxItems: number }) {
  return {
    Marker: z.string().optional(),
    MaxItems: queryIntegerMember({ min: 1, max: bounds.maxItems }),
  };
}

const ALIAS_PATTERN = "(?!^[0-9]+$)([a-zA-Z0-9-_]+)";
export const aliasNameMember = textMember({ min: 1, max: 128, pattern: ALIAS_PATTERN });
/** `$LATEST.PUBLISHED` belongs to managed instances, but the pattern is AWS's. */
export const versionMember = textMember({
  min: 1,
  max: 1024,
  pattern: "(\\$LATEST(\\.PUBLISHED)?|[0-9]+)",
});

const KEYS_OF_WEIGHTS =
  "Map keys must satisfy constraint: [Member must have length less than or equal to 1024, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [0-9]+, Member must not be null]";
const WEIGHTS =
  "Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0, Member must not be null]";
export const routingConfigMember = z.object({
  AdditionalVersionWeights: z
    .record(z.string(), z.number())
    .refine(
      (weights) => Object.keys(weights).every((key) => /^[0-9]{1,1024}$/.test(key)),
      KEYS_OF_WEIGHTS,
    )
    .refine(
      (weights) => Object.values(weights).every((weight) => weight >= 0 && weight <= 1),
      WEIGHTS,
    )
    .optional(),
});

const destinationMember = z.object({
  Destination: textMember({
    max: 350,
    pattern:
      "$|kafka://([^.]([a-zA-Z0-9\\-_.]{0,248}))|arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)",
  }).optional(),
});
export const eventInvokeMembers = {
  MaximumRetryAttempts: integerMember({ min: 0, max: 2 }).optional(),
  MaximumEventAgeInSeconds: integerMember({ min: 60, max: 21_600 }).optional(),
  DestinationConfig: z
    .object({ OnSuccess: destinationMember.optional(), OnFailure: destinationMember.optional() })
    .optional(),
};

export const layerNameMember = textMember({
  min: 1,
  max: 140,
  pattern: "(arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\\d{12}:layer:[a-zA-Z0-9-_]+)|[a-zA-Z0-9-_]+",
});
export const layerVersionArnMember = textMember({
  min: 1,
  max: 140,
  pattern: "arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\\d{12}:layer:[a-zA-Z0-9-_]+:[0-9]+",
});
/** A layer's version in a path; that its number is at least 1 is control's to say. */
export const layerVersionLabels = {
  LayerName: layerNameMember,
  VersionNumber: z.preprocess(
    (text) => (typeof text === "string" && /^-?\d{1,15}$/.test(text) ? Number(text) : text),
    z.number(),
  ),
};
export const compatibilityMembers = {
  CompatibleRuntime: enumMember(allRuntimes).optional(),
  CompatibleArchitecture: enumMember(["x86_64", "arm64"]).optional(),
};
export const statementIdMember = textMember({ min: 1, max: 100, pattern: "([a-zA-Z0-9-_]+)" });

const FUNCTION_ARN =
  "arn:(aws[a-zA-Z-]*)?:lambda:[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:\\d{12}:function:[a-zA-Z0-9-_]+(:(\\$LATEST|[a-zA-Z0-9-_]+))?";
export const policyResourceMember = textMember({ max: 256, pattern: FUNCTION_ARN });
export const taggableMember = textMember({
  min: 1,
  max: 256,
  pattern:
    "arn:(aws[a-zA-Z-]*):lambda:[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:\\d{12}:(function:[a-zA-Z0-9-_]+(:(\\$LATEST|[a-zA-Z0-9-_]+))?|layer:([a-zA-Z0-9-_]+)|code-signing-config:csc-[a-z0-9]{17}|event-source-mapping:[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}|capacity-provider:[a-zA-Z0-9-_]+)",
});

export const urlQualifierMember = textMember({
  min: 1,
  max: 128,
  pattern: "((?!^\\d+$)^[0-9a-zA-Z-_]+$)",
});

function textsMember(bounds: { items: number; min?: number; chars: number }) {
  return z
    .array(z.string())
    .refine(
      (list) => list.length <= bounds.items,
      `Member must have length less than or equal to ${bounds.items}`,
    )
    .refine(
      (list) =>
        list.every((text) => text.length <= bounds.chars && text.length >= (bounds.min ?? 0)),
      `Member must satisfy constraint: [Member must have length less than or equal to ${bounds.chars}, Member must have length greater than or equal to ${bounds.min ?? 0}, Member must not be null]`,
    );
}

export const corsMember = z.object({
  AllowCredentials: z.boolean().optional(),
  AllowHeaders: textsMember({ items: 100, chars: 1024 }).optional(),
  AllowMethods: textsMember({ items: 6, chars: 6 }).optional(),
  AllowOrigins: textsMember({ items: 100, min: 1, chars: 253 }).optional(),
  ExposeHeaders: textsMember({ items: 100, chars: 1024 }).optional(),
  MaxAge: integerMember({ min: 0, max: 86_400 }).optional(),
});
