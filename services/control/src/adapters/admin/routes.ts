/** Paddock's own API below `/_paddock/api/`. Shapes: `@paddock/contracts/admin`. */
import { randomUUID } from "node:crypto";
import { type Bus, isEventPattern } from "@paddock/bus";
import type { UsageRecord } from "@paddock/contracts";
import {
  type AttemptDetail,
  attemptsQuerySchema,
  type FunctionsPage,
  functionsQuerySchema,
  type InvocationDetail,
  invocationsQuerySchema,
  logsQuerySchema,
  newTriggerSchema,
  type StatusReport,
  triggersQuerySchema,
  usageQuerySchema,
} from "@paddock/contracts/admin";
import { coldStartSentence, functionNotFound, type Scope } from "@paddock/lambda-model";
import type { Logger } from "@paddock/service-kit";
import {
  countFunctions,
  countTriggers,
  type Database,
  deleteTrigger,
  getInvocation,
  insertTrigger,
  listFunctionVersions,
  listInvocations,
  listTriggers,
  readFunction,
  readVersion,
  summariseUsage,
} from "@paddock/store";
import type { FastifyInstance } from "fastify";
import { toFunctionEntry, toFunctionPage } from "../../core/function-page.ts";
import { toTrigger } from "../../core/new-trigger.ts";
import { toStatusReport } from "../../core/status-report.ts";
import { toUsageReport } from "../../core/usage-report.ts";
import type { HeardWorkers } from "../heard-workers.ts";
import { bodyOf } from "../http/authenticate.ts";
import type { TriggerMirror } from "../trigger-mirror.ts";
import { AdminRefusal, readAdminInput, toAdminError } from "./admin-error.ts";
import { type KeepAliveInForce, streamAttempts } from "./attempts-stream.ts";
import { makeTokenCheck } from "./bearer-token.ts";
import { readInvocationLog, streamLogs } from "./log-stream.ts";

export interface AdminParts {
  readonly bus: Bus;
  readonly database: Database;
  readonly workers: HeardWorkers;
  readonly triggers: TriggerMirror;
  readonly logger: Logger;
  readonly scope: Scope;
  readonly adminToken: string;
  readonly keepAlive: KeepAliveInForce;
  readonly identity: Pick<StatusReport, "version" | "publicUrl" | "startedAtMs">;
}

export function addAdminRoutes(server: FastifyInstance, parts: AdminParts): void {
  const checkToken = makeTokenCheck(parts.adminToken);
  // The callback makes a scope: token check and error shape are this API's only.
  void server.register(
    (admin, _options, done) => {
      admin.addHook("onRequest", (request, _reply, next) => {
        checkToken(request);
        next();
      });
      admin.setErrorHandler((error, _request, reply) => {
        const { status, body } = toAdminError(error);
        if (status >= 500) parts.logger.error({ error }, "a request of Paddock's own API failed");
        return reply.code(status).send(body);
      });
      // A route and no not-found handler: the dashboard's wildcard would come first.
      admin.all("/*", () => {
        throw new AdminRefusal(404, "NotFound", "There is nothing at this address.");
      });
      addFunctionRoutes(admin, parts);
      addInvocationRoutes(admin, parts);
      addTriggerRoutes(admin, parts);
      addMachineRoutes(admin, parts);
      done();
    },
    { prefix: "/_paddock/api" },
  );
}

function attemptDetail(record: UsageRecord): AttemptDetail {
  const { coldStart } = record;
  return coldStart === undefined
    ? record
    : { ...record, coldStartSentence: coldStartSentence(coldStart) };
}

function addFunctionRoutes(admin: FastifyInstance, parts: AdminParts): void {
  const { database, scope, workers } = parts;
  admin.get("/functions", async (request) => {
    const { cursor, limit } = readAdminInput(functionsQuerySchema, request.query);
    const after = cursor === undefined ? undefined : { functionName: cursor, versionNumber: 0 };
    const page = { latestOnly: true, after, limit: limit + 1 };
    const entries = (await listFunctionVersions(database, page)).map(toFunctionEntry);
    const functions = entries.slice(0, limit);
    const nextCursor = entries.length > limit ? functions.at(-1)?.functionName : undefined;
    return { functions, nextCursor } satisfies FunctionsPage;
  });
  admin.get<{ Params: { functionName: string } }>("/functions/:functionName", async (request) => {
    const { functionName } = request.params;
    const version = await readVersion(database, functionName, "$LATEST");
    if (version === undefined) throw functionNotFound(scope, functionName);
    return toFunctionPage(version, workers.list());
  });
}

function addInvocationRoutes(admin: FastifyInstance, parts: AdminParts): void {
  const { bus, database } = parts;
  admin.get("/invocations", (request) => {
    const query = readAdminInput(invocationsQuerySchema, request.query);
    const filter = { functionName: query.function, state: query.state };
    return listInvocations(database, filter, query);
  });
  admin.get<{ Params: { requestId: string } }>("/invocations/:requestId", async (request) => {
    const found = await getInvocation(database, request.params.requestId);
    if (found === undefined) {
      throw new AdminRefusal(404, "NotFound", "No invocation with this request id is on record.");
    }
    return {
      invocation: found.invocation,
      attempts: found.attempts.map(attemptDetail),
      ...(await readInvocationLog(bus, found.attempts)),
    } satisfies InvocationDetail;
  });
  admin.get("/usage", async (request) => {
    const query = readAdminInput(usageQuerySchema, request.query);
    const filter = { functionName: query.function, sinceMs: query.since };
    const sums = await summariseUsage(database, filter);
    return toUsageReport(sums, { sinceMs: query.since, untilMs: Date.now() });
  });
  admin.get("/attempts", (request, reply) => {
    const query = readAdminInput(attemptsQuerySchema, request.query);
    const attempts = streamAttempts(database, query, parts.keepAlive);
    return reply.header("content-type", "application/x-ndjson").send(attempts);
  });
  admin.get("/logs", (request, reply) => {
    const query = readAdminInput(logsQuerySchema, request.query);
    return reply.header("content-type", "application/x-ndjson").send(streamLogs(bus, query));
  });
}

function addTriggerRoutes(admin: FastifyInstance, { database, triggers, scope }: AdminParts): void {
  admin.get("/triggers", async (request) => {
    const query = readAdminInput(triggersQuerySchema, request.query);
    return { triggers: await listTriggers(database, query.function) };
  });
  admin.post("/triggers", async (request, reply) => {
    const asked = readAdminInput(newTriggerSchema, readJson(bodyOf(request)));
    const options = { triggerId: randomUUID(), nowMs: Date.now(), isEventPattern };
    const trigger = toTrigger(asked, options);
    if ((await readFunction(database, trigger.functionName)) === undefined) {
      throw functionNotFound(scope, trigger.functionName);
    }
    await insertTrigger(database, trigger);
    await triggers.publish(trigger.triggerId);
    return reply.code(201).send(trigger);
  });
  admin.delete<{ Params: { triggerId: string } }>("/triggers/:triggerId", async (request) => {
    const { triggerId } = request.params;
    const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(triggerId);
    const removed = isId ? await deleteTrigger(database, triggerId) : undefined;
    if (removed === undefined) {
      throw new AdminRefusal(404, "NotFound", "There is no trigger with this id.");
    }
    await triggers.publish(triggerId);
    return removed;
  });
}

function addMachineRoutes(admin: FastifyInstance, parts: AdminParts): void {
  const { database, workers, scope, identity } = parts;
  admin.get("/workers", () => ({ workers: workers.list() }));
  admin.get("/status", async () => {
    const counts = {
      functions: await countFunctions(database),
      triggers: await countTriggers(database),
    };
    return toStatusReport({ ...identity, ...scope, ...counts }, workers.list());
  });
}

function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch {
    throw new AdminRefusal(400, "InvalidRequest", "The body is not valid JSON.");
  }
}
