import {
  type AsyncInvocation,
  asyncInvocationSchema,
  type DrainQueue,
  drainQueueSchema,
  type FateBatch,
  fateBatchSchema,
  type FollowerStatus,
  followerStatusSchema,
  type HeldInvocations,
  heldInvocationsSchema,
  type InvocationResult,
  invocationResultSchema,
  type LogBatch,
  logBatchSchema,
  type PlacedInvocation,
  placedInvocationSchema,
  type PreWarmEnvironment,
  preWarmEnvironmentSchema,
  type ReclaimedEnvironments,
  reclaimedEnvironmentsSchema,
  type ReclaimEnvironments,
  reclaimEnvironmentsSchema,
  type SyncInvocation,
  syncInvocationSchema,
  type Target,
  type UsageBatch,
  usageBatchSchema,
  type WorkerStatus,
  workerStatusSchema,
} from "@paddock/contracts";
import { z } from "zod";
import {
  type Address,
  type Channel,
  compileTemplate,
  type DurableChannel,
  type Encoding,
  type Shape,
  type StreamName,
} from "./channel.ts";

/**
 * The one catalogue of subjects: for each, its builder and parser, its schema, whether a payload
 * follows, and what is answered. docs/design.md says who sends what to whom.
 */

interface Definition<Document, Reply> {
  readonly subject: string;
  readonly schema: z.ZodType<Document>;
  readonly encoding: Encoding;
  readonly reply?: Shape<Reply>;
  readonly queueGroup?: string;
  readonly external?: boolean;
}

function channel<A extends object, Document, Reply = never>(
  name: string,
  definition: Definition<Document, Reply>,
): Channel<A, Document, Reply> {
  const codec = compileTemplate(definition.subject);
  return {
    name,
    shape: { schema: definition.schema, encoding: definition.encoding },
    reply: definition.reply,
    queueGroup: definition.queueGroup,
    external: definition.external ?? false,
    // A is the object type with exactly the template's tokens; the compiler cannot read templates.
    subject: (address) => codec.subject(address as Address),
    pattern: (address = {}) => codec.pattern(address as Address),
    parse: (subject) => codec.parse(subject) as A | undefined,
  };
}

function durable<A extends object, Document>(
  name: string,
  stream: StreamName,
  definition: Definition<Document, never>,
): DurableChannel<A, Document> {
  return { ...channel<A, Document>(name, definition), stream };
}

const invocationResult: Shape<InvocationResult> = {
  schema: invocationResultSchema,
  encoding: "frame",
};
/** Functions' results as they are: what an external client of `invoke.<function>` receives. */
const rawReply: Shape<undefined> = { schema: z.undefined(), encoding: "payload" };

export interface OfWorker {
  readonly workerId: string;
}
/** A process that keeps a copy of the bucket `functions`. */
export interface OfFollower {
  readonly followerId: string;
}
/** A worker or a router. */
export interface OfHolder {
  readonly holderId: string;
}
export interface OfFunction {
  readonly functionName: string;
}
export interface OfQueue {
  readonly functionName: string;
  /** `$LATEST` or a number; the subject holds its token. */
  readonly version: string;
}
export interface OfPath {
  readonly path: string;
}
/** An address without variable tokens: pass `{}`. */
export type Fixed = Record<never, never>;

export const channels = {
  /** Warm lane: gateway → a worker with environments of the target. */
  invoke: channel<Target, SyncInvocation, InvocationResult>("invoke", {
    subject: "paddock.invoke.:functionName.:version.:configId",
    schema: syncInvocationSchema,
    encoding: "frame",
    reply: invocationResult,
    queueGroup: "environments",
  }),
  /** Gateway without responders, worker without a free environment → router. */
  admit: channel<Fixed, SyncInvocation, InvocationResult>("admit", {
    subject: "paddock.router.admit",
    schema: syncInvocationSchema,
    encoding: "frame",
    reply: invocationResult,
    queueGroup: "routers",
  }),
  /** Router → one worker; always by `forward`, so that the worker answers the gateway. */
  run: channel<OfWorker, PlacedInvocation, InvocationResult>("run", {
    subject: "paddock.worker.:workerId.run",
    schema: placedInvocationSchema,
    encoding: "frame",
    reply: invocationResult,
  }),
  drain: channel<OfWorker, DrainQueue>("drain", {
    subject: "paddock.worker.:workerId.drain",
    schema: drainQueueSchema,
    encoding: "document",
  }),
  preWarm: channel<OfWorker, PreWarmEnvironment>("preWarm", {
    subject: "paddock.worker.:workerId.prewarm",
    schema: preWarmEnvironmentSchema,
    encoding: "document",
  }),
  reclaim: channel<OfWorker, ReclaimEnvironments, ReclaimedEnvironments>("reclaim", {
    subject: "paddock.worker.:workerId.reclaim",
    schema: reclaimEnvironmentsSchema,
    encoding: "document",
    reply: { schema: reclaimedEnvironmentsSchema, encoding: "document" },
  }),
  status: channel<OfWorker, WorkerStatus>("status", {
    subject: "paddock.status.:workerId",
    schema: workerStatusSchema,
    encoding: "document",
  }),
  follower: channel<OfFollower, FollowerStatus>("follower", {
    subject: "paddock.follower.:followerId",
    schema: followerStatusSchema,
    encoding: "document",
  }),
  held: channel<OfHolder, HeldInvocations>("held", {
    subject: "paddock.held.:holderId",
    schema: heldInvocationsSchema,
    encoding: "document",
  }),
  /** Hint: the queue of this function version has work. */
  queued: channel<OfQueue, undefined>("queued", {
    subject: "paddock.queued.:functionName.:version",
    schema: z.undefined(),
    encoding: "payload",
  }),
  accepted: durable<OfFunction, AsyncInvocation>("accepted", "ACCEPTED", {
    subject: "paddock.accepted.:functionName",
    schema: asyncInvocationSchema,
    encoding: "frame",
  }),
  usage: durable<Fixed, UsageBatch>("usage", "LEDGER", {
    subject: "paddock.ledger.usage",
    schema: usageBatchSchema,
    encoding: "document",
  }),
  fate: durable<Fixed, FateBatch>("fate", "LEDGER", {
    subject: "paddock.ledger.fate",
    schema: fateBatchSchema,
    encoding: "document",
  }),
  logs: durable<OfFunction, LogBatch>("logs", "LOGS", {
    subject: "paddock.logs.:functionName",
    schema: logBatchSchema,
    encoding: "document",
  }),
  /** Events from anybody: `path` is everything after `events.`, such as `orders.created`. */
  events: durable<OfPath, undefined>("events", "EVENTS", {
    subject: "events.:path*",
    schema: z.undefined(),
    encoding: "payload",
    external: true,
  }),
  /** From anybody → gateway. A message invokes asynchronously, a request synchronously. */
  invokeByName: channel<OfFunction, undefined, undefined>("invokeByName", {
    subject: "invoke.:functionName",
    schema: z.undefined(),
    encoding: "payload",
    reply: rawReply,
    queueGroup: "gateways",
    external: true,
  }),
} as const;

/** Inboxes of Paddock's services; the external user may not read below it. */
export const internalInboxPrefix = "_PADDOCK_INBOX";
/**
 * Where replies to external requests may go: clients' inboxes, and what the server writes in their
 * place for a request from another account.
 */
export const externalReplyPrefixes: readonly string[] = ["_INBOX", "_R_"];

export const kvBuckets = {
  functions: "functions",
  triggers: "triggers",
  firings: "firings",
  credentials: "credentials",
  idleHistory: "idle-history",
} as const;
export const codeBucket = "code";
