import { z } from "zod";

/**
 * Gateway, router, worker → control, once a second and after each change: how far their copies of
 * the bucket `functions` have come.
 */
export const followerStatusSchema = z.object({
  /** The bucket's revision; everything up to it is known. */
  revision: z.number().int().nonnegative(),
  /** True: it follows no longer, and serves nobody any more. */
  leaving: z.boolean(),
});
export type FollowerStatus = z.output<typeof followerStatusSchema>;
