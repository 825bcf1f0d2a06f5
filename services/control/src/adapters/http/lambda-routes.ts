/**
 * The Lambda API's operations on functions: route → document → operation → answer. All others of the
 * service model are known and refused by name.
 */
import { limits } from "@paddock/contracts";
import {
  createFunctionRequestSchema,
  type LambdaOperation,
  lambdaOperations,
  listFunctionsQuerySchema,
  listQuerySchema,
  publishVersionRequestSchema,
  updateFunctionCodeRequestSchema,
  updateFunctionConfigurationRequestSchema,
} from "@paddock/contracts/aws";
import { parseFunctionReference } from "@paddock/lambda-model";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { controlLimits } from "../../limits.ts";
import type { OperationContext, Reference } from "../../operations/context.ts";
import { createFunction } from "../../operations/create-function.ts";
import { deleteFunction } from "../../operations/delete-function.ts";
import { publishVersion } from "../../operations/publish-version.ts";
import {
  getFunction,
  getFunctionConfiguration,
  listFunctions,
  listVersionsByFunction,
} from "../../operations/read-functions.ts";
import {
  updateFunctionCode,
  updateFunctionConfiguration,
} from "../../operations/update-function.ts";
import { sendJson, unknownOperation } from "./answers.ts";
import { type Authenticate, bodyOf } from "./authenticate.ts";
import { readDocument, validate } from "./read-document.ts";

interface Call {
  readonly principalArn: string;
  readonly body: Uint8Array;
  /** Query parameters; of a repeated one the first. */
  readonly query: Readonly<Record<string, string>>;
  /** The function that the path names, with the `Qualifier` beside it. */
  reference(): Reference;
  /** The function that the path or the document names, without a version. */
  functionName(text?: string): string;
}

interface Handler {
  readonly status: number;
  readonly bodyBytes?: number;
  readonly handle: (context: OperationContext, call: Call) => Promise<unknown>;
}

const handlers: Readonly<Record<string, Handler>> = {
  CreateFunction: {
    status: 201,
    bodyBytes: limits.createFunctionRequestBytes,
    handle: (context, call) => {
      const request = readDocument(createFunctionRequestSchema, call.body);
      return createFunction(context, call.functionName(request.FunctionName), request);
    },
  },
  GetFunction: {
    status: 200,
    handle: (context, call) => getFunction(context, call.reference()),
  },
  GetFunctionConfiguration: {
    status: 200,
    handle: (context, call) => getFunctionConfiguration(context, call.reference()),
  },
  ListFunctions: {
    status: 200,
    handle: (context, call) =>
      listFunctions(context, validate(listFunctionsQuerySchema, call.query)),
  },
  UpdateFunctionCode: {
    status: 200,
    bodyBytes: limits.createFunctionRequestBytes,
    handle: (context, call) => {
      const request = readDocument(updateFunctionCodeRequestSchema, call.body);
      return updateFunctionCode(context, call.functionName(), request);
    },
  },
  UpdateFunctionConfiguration: {
    status: 200,
    bodyBytes: controlLimits.configurationRequestBytes,
    handle: (context, call) => {
      const request = readDocument(updateFunctionConfigurationRequestSchema, call.body);
      return updateFunctionConfiguration(context, call.functionName(), request);
    },
  },
  DeleteFunction: {
    status: 200,
    handle: async (context, call) => {
      await deleteFunction(context, call.reference());
      return {};
    },
  },
  PublishVersion: {
    status: 201,
    bodyBytes: controlLimits.configurationRequestBytes,
    handle: (context, call) =>
      publishVersion(
        context,
        call.functionName(),
        readDocument(publishVersionRequestSchema, call.body),
      ),
  },
  ListVersionsByFunction: {
    status: 200,
    handle: (context, call) =>
      listVersionsByFunction(context, call.functionName(), validate(listQuerySchema, call.query)),
  },
};

export function addLambdaRoutes(
  server: FastifyInstance,
  context: OperationContext,
  authenticate: Authenticate,
): void {
  const taken = new Set<string>();
  for (const operation of lambdaOperations) {
    const url = operation.path.replaceAll(/\{(\w+)\}/g, ":$1");
    const route = `${operation.method} ${url}`;
    // Two operations that a query parameter tells apart, neither of them offered.
    if (taken.has(route)) continue;
    taken.add(route);
    addRoute(server, context, { operation, url, authenticate });
  }
}

function addRoute(
  server: FastifyInstance,
  context: OperationContext,
  route: { operation: LambdaOperation; url: string; authenticate: Authenticate },
): void {
  const { operation, url, authenticate } = route;
  const handler = handlers[operation.name];
  server.route({
    method: operation.method,
    url,
    bodyLimit: handler?.bodyBytes ?? controlLimits.requestBytes,
    config: { operation: operation.name },
    handler: async (request, reply) => {
      const { principalArn } = authenticate(request);
      if (handler === undefined) {
        throw unknownOperation(
          `The operation ${operation.name} is not offered by this version of Paddock yet.`,
        );
      }
      const call = toCall(request, context, { principalArn, action: `lambda:${operation.name}` });
      return sendJson(reply, handler.status, await handler.handle(context, call));
    },
  });
}

function toCall(
  request: FastifyRequest,
  { scope }: OperationContext,
  caller: { principalArn: string; action: string },
): Call {
  const query = firstValues(request.query);
  const named = firstValues(request.params)["FunctionName"] ?? "";
  return {
    principalArn: caller.principalArn,
    body: bodyOf(request),
    query,
    reference: () => parseFunctionReference(named, scope, query["Qualifier"], caller),
    functionName: (text = named) =>
      parseFunctionReference(text, scope, undefined, { form: "plain", ...caller }).functionName,
  };
}

/** Fastify types what its parsers give as unknown: texts, or lists of texts where repeated. */
function firstValues(parsed: unknown): Record<string, string> {
  const values: Record<string, string> = {};
  if (typeof parsed !== "object" || parsed === null) return values;
  for (const [name, value] of Object.entries(parsed)) {
    const first: unknown = Array.isArray(value) ? value[0] : value;
    if (typeof first === "string") values[name] = first;
  }
  return values;
}
