import { z } from "zod";
import { versionRecordSchema } from "./function-record.ts";
import { usedLayerSchema } from "./layer.ts";

/**
 * What a user configures of a version, as control keeps it in the database. The read model
 * (VersionRecord) and AWS's answers are made from it.
 */
export const functionConfigurationSchema = versionRecordSchema
  .pick({
    runtime: true,
    handler: true,
    roleArn: true,
    timeoutSeconds: true,
    memoryMb: true,
    ephemeralStorageMb: true,
    logging: true,
    architecture: true,
    deadLetterTargetArn: true,
  })
  .extend({
    description: z.string(),
    /** In the order in which they are merged. */
    layers: z.array(usedLayerSchema),
    /** Absent: never set. AWS answers differently for that and for an empty map. */
    environmentVariables: z.record(z.string(), z.string()).optional(),
    tracingMode: z.enum(["Active", "PassThrough"]),
  });
export type FunctionConfiguration = z.output<typeof functionConfigurationSchema>;
