import { z } from "zod";

/** Words that name things in more than one message. */

/** 1–64 of `[a-zA-Z0-9-_]`. Source: the FunctionName pattern of the Lambda service model. */
export const functionNameSchema = z.string().regex(/^[a-zA-Z0-9-_]{1,64}$/);

/** `$LATEST` or a published version's number. */
export const versionSchema = z.string().regex(/^(\$LATEST|[0-9]{1,19})$/);

export const requestIdSchema = z.string().min(1).max(64);

/** Identifies a worker process for as long as it lives; a restart makes a new one. */
export const workerIdSchema = z.string().regex(/^[a-zA-Z0-9-]{1,64}$/);

/** 32 lower-case hex digits, as in a Lambda log stream's name. */
export const environmentIdSchema = z.string().regex(/^[0-9a-f]{32}$/);

/** Milliseconds since the epoch. */
export const epochMsSchema = z.number().nonnegative();

/**
 * What execution environments are made for: one configuration of one version of a function.
 * `configId` changes with every change of code or configuration, so that an environment made
 * before the change never serves a request made after it.
 */
export const targetSchema = z.object({
  functionName: functionNameSchema,
  version: versionSchema,
  configId: z.string().regex(/^[0-9a-zA-Z-]{1,64}$/),
});
export type Target = z.output<typeof targetSchema>;

/** Where an invocation came from: what the ledger calls its trigger. */
export const triggerKindSchema = z.enum([
  "invoke-api",
  "function-url",
  "nats-invoke",
  "nats-event",
  "schedule",
]);
export type TriggerKind = z.output<typeof triggerKindSchema>;
