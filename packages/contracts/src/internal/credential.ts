import { z } from "zod";

/** KV bucket `credentials`, key = access key id: what signatures are checked with. */
export const credentialRecordSchema = z.object({
  accessKeyId: z.string().regex(/^[A-Z0-9]{16,128}$/),
  secretAccessKey: z.string().min(16),
  /** Present for temporary credentials. */
  sessionToken: z.string().optional(),
  expiresAtMs: z.number().optional(),
  principalArn: z.string(),
  enabled: z.boolean(),
});
export type CredentialRecord = z.output<typeof credentialRecordSchema>;
