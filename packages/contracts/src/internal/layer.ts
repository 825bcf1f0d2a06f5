import { z } from "zod";

/** A layer of a function's configuration, as it was when the function was configured with it. */
export const usedLayerSchema = z.object({
  /** Of the layer's version. */
  arn: z.string(),
  /** Lower-case hex of its archive. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  sizeBytes: z.number().int().nonnegative(),
});
export type UsedLayer = z.output<typeof usedLayerSchema>;

/** Who may use a layer's version, as control keeps it. */
export const layerPolicySchema = z.object({
  revisionId: z.string(),
  /** In the order in which they were added. */
  statements: z.array(
    z.object({
      sid: z.string(),
      action: z.string(),
      /** As it was given: `*`, an account, or the ARN of an account's root. */
      principal: z.string(),
      organizationId: z.string().optional(),
    }),
  ),
});
export type LayerPolicy = z.output<typeof layerPolicySchema>;
