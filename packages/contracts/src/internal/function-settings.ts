import { z } from "zod";
import { epochMsSchema } from "../identifiers.ts";
import { corsRulesSchema, urlIdSchema } from "./function-url.ts";

/**
 * What is set of a function for one qualifier, apart from the configuration that versions freeze, as
 * control keeps it in the database. Each kind has a document of its own.
 */
export const functionSettingSchemas = {
  /** How asynchronous invocations of this qualifier are retried. Absent: Lambda's default. */
  "event-invoke": z.object({
    maximumRetryAttempts: z.number().int().min(0).max(2).optional(),
    maximumEventAgeSeconds: z.number().int().min(60).max(21_600).optional(),
    lastModifiedMs: epochMsSchema,
  }),
  /** The resource policy: who may do what with the function. */
  policy: z.object({
    /** JSON of the document as a whole: a text, because its order of members is told again. */
    text: z.string(),
  }),
  url: z.object({
    urlId: urlIdSchema,
    authType: z.enum(["NONE", "AWS_IAM"]),
    cors: corsRulesSchema.optional(),
    /** Absent: nobody has said; it is BUFFERED. */
    invokeMode: z.enum(["BUFFERED", "RESPONSE_STREAM"]).optional(),
    createdAtMs: epochMsSchema,
    lastModifiedMs: epochMsSchema,
  }),
  /** What is to be done about loops of invocations. Absent: they are ended. Kept for `$LATEST` only. */
  recursion: z.object({ recursiveLoop: z.enum(["Allow", "Terminate"]) }),
} as const;

export type SettingKind = keyof typeof functionSettingSchemas;

export type SettingDocument<Kind extends SettingKind> = z.output<
  (typeof functionSettingSchemas)[Kind]
>;

/** A document with what it belongs to. */
export type FunctionSetting<Kind extends SettingKind = SettingKind> = {
  readonly [Each in Kind]: {
    readonly functionName: string;
    readonly kind: Each;
    /** `$LATEST`, a version's number or an alias. */
    readonly qualifier: string;
    readonly document: SettingDocument<Each>;
  };
}[Kind];
