import { z } from "zod";

/** What browsers of other origins may do with a function URL. What was not given is absent. */
export const corsRulesSchema = z.object({
  allowCredentials: z.boolean().optional(),
  allowHeaders: z.array(z.string()).optional(),
  allowMethods: z.array(z.string()).optional(),
  allowOrigins: z.array(z.string()).optional(),
  exposeHeaders: z.array(z.string()).optional(),
  maxAgeSeconds: z.number().int().min(0).optional(),
});
export type CorsRules = z.output<typeof corsRulesSchema>;

/** 32 lower-case letters and digits: the first label of the URL's host name. */
export const urlIdSchema = z.string().regex(/^[a-z0-9]{32}$/);

/** A function URL, as the gateway serves it. */
export const urlRecordSchema = z.object({
  urlId: urlIdSchema,
  /** Absent: the URL is `$LATEST`'s. Otherwise an alias. */
  qualifier: z.string().optional(),
  authType: z.enum(["NONE", "AWS_IAM"]),
  /** Whether the resource policy lets anybody in: what NONE needs. */
  isPublic: z.boolean(),
  cors: corsRulesSchema.optional(),
  invokeMode: z.enum(["BUFFERED", "RESPONSE_STREAM"]),
});
export type UrlRecord = z.output<typeof urlRecordSchema>;
