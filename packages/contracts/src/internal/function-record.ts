import { z } from "zod";
import { functionNameSchema, versionSchema } from "../identifiers.ts";
import { urlRecordSchema } from "./function-url.ts";

/**
 * The read model of functions: what the data plane knows of a function without asking the control
 * plane. Control writes it to the KV bucket `functions`; gateway, router, worker, streams and
 * scheduler watch it.
 *
 * Keys: `<functionName>.function` holds a FunctionRecord, `<functionName>.version.LATEST` and
 * `<functionName>.version.<n>` a VersionRecord. A deleted key is a deleted function or version.
 */

export const asyncConfigSchema = z.object({
  maximumRetryAttempts: z.number().int().min(0).max(2),
  maximumEventAgeSeconds: z.number().int().min(60).max(21_600),
  onSuccess: z.string().optional(),
  onFailure: z.string().optional(),
});
export type AsyncConfig = z.output<typeof asyncConfigSchema>;

export const aliasRecordSchema = z.object({
  version: versionSchema,
  /** At most one further version with its share of the traffic, 0 to 1. */
  additionalVersionWeights: z.record(z.string(), z.number().min(0).max(1)),
});
export type AliasRecord = z.output<typeof aliasRecordSchema>;

export const functionRecordSchema = z.object({
  functionName: functionNameSchema,
  /** Differs between a function and one made later under the same name. */
  functionId: z.string(),
  /** Unqualified ARN. */
  functionArn: z.string(),
  aliases: z.record(z.string(), aliasRecordSchema),
  /** Absent: the function draws on the account's unreserved concurrency. 0: it is off. */
  reservedConcurrency: z.number().int().nonnegative().optional(),
  /** By qualifier: `$LATEST`, a version's number or an alias. */
  asyncConfigs: z.record(z.string(), asyncConfigSchema),
  urls: z.array(urlRecordSchema).optional(),
});
export type FunctionRecord = z.output<typeof functionRecordSchema>;

export const functionStateSchema = z.enum(["Pending", "Active", "Inactive", "Failed"]);

export const versionRecordSchema = z.object({
  functionName: functionNameSchema,
  version: versionSchema,
  configId: z.string(),
  functionArn: z.string(),
  state: functionStateSchema,
  /** Lower-case hex sha-256 of the zip: its name in the object store bucket `code`. */
  codeSha256: z.string().regex(/^[0-9a-f]{64}$/),
  codeSizeBytes: z.number().int().nonnegative(),
  /** Hex sha-256 of each layer's zip, in the order in which they are merged at /opt. */
  layers: z.array(z.string()),
  runtime: z.string(),
  handler: z.string(),
  roleArn: z.string(),
  timeoutSeconds: z.number().int().positive(),
  memoryMb: z.number().int().positive(),
  ephemeralStorageMb: z.number().int().positive(),
  environmentVariables: z.record(z.string(), z.string()),
  logging: z.object({
    format: z.enum(["Text", "JSON"]),
    group: z.string(),
    applicationLevel: z.enum(["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"]).optional(),
    systemLevel: z.enum(["DEBUG", "INFO", "WARN"]).optional(),
  }),
  architecture: z.enum(["x86_64", "arm64"]),
  deadLetterTargetArn: z.string().optional(),
});
export type VersionRecord = z.output<typeof versionRecordSchema>;
