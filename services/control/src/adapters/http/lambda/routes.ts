/**
 * The Lambda API: route → operation → handler → answer. Operations of the service model that are not
 * offered are known and refused by name.
 */
import {
  type ControlOperations,
  controlOperations,
  gatewayOperations,
  type OperationAddress,
  type OperationShape,
  unofferedOperations,
} from "@paddock/contracts/aws";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { controlLimits } from "../../../limits.ts";
import type { OperationContext } from "../../../operations/context.ts";
import { notOffered, sendEmpty, sendJson } from "../answers.ts";
import type { Authenticate } from "../authenticate.ts";
import { type Call, firstValues, readCall } from "./call.ts";
import { handlers } from "./handlers.ts";

type AnyHandler = (context: OperationContext, call: Call<unknown>) => Promise<unknown>;
type Respond = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** Operations at one method and path, told apart by a query parameter. */
interface Route {
  readonly method: OperationAddress["method"];
  readonly url: string;
  readonly operations: (OperationAddress & { readonly bodyBytes?: number; respond: Respond })[];
}

export function addLambdaRoutes(
  server: FastifyInstance,
  context: OperationContext,
  authenticate: Authenticate,
): void {
  for (const { method, url, operations } of routesOf(context, authenticate)) {
    const largest = Math.max(...operations.map((each) => each.bodyBytes ?? 0));
    server.route({
      method,
      url,
      bodyLimit: largest === 0 ? controlLimits.requestBytes : largest,
      config: { operation: operations[0]?.name },
      handler: async (request, reply) => {
        const query = firstValues(request.query);
        const asked = operations.find(
          ({ selector }) => selector !== undefined && query[selector.parameter] === selector.value,
        );
        const plain = operations.find(({ selector }) => selector === undefined);
        const operation = asked ?? plain ?? operations[0];
        return operation?.respond(request, reply);
      },
    });
  }
}

function routesOf(context: OperationContext, authenticate: Authenticate): Iterable<Route> {
  const routes = new Map<string, Route>();
  const add = (address: OperationAddress & { bodyBytes?: number }, respond: Respond): void => {
    const { method } = address;
    const url = address.path.replaceAll(/\{(\w+)\}/g, ":$1");
    const route = routes.get(`${method} ${url}`) ?? { method, url, operations: [] };
    route.operations.push({ ...address, respond });
    routes.set(`${method} ${url}`, route);
  };
  // `as`: Object.keys forgets the keys' type; each handler's type goes with its operation's, which
  // a loop over all of them cannot express.
  for (const name of Object.keys(controlOperations) as (keyof ControlOperations)[]) {
    const shape: OperationShape = controlOperations[name];
    const handle = handlers[name] as AnyHandler;
    add(shape, async (request, reply) => {
      const { principalArn } = authenticate(request);
      const call = readCall(shape, request, { scope: context.scope, principalArn });
      const answer = await handle(context, call);
      return shape.answer === undefined
        ? sendEmpty(reply, shape.status)
        : sendJson(reply, shape.status, answer);
    });
  }
  // The gateway answers its own operations; who asks control for one is told so.
  for (const address of [...unofferedOperations, ...Object.values(gatewayOperations)]) {
    add(address, (request) => {
      authenticate(request);
      throw notOffered(address.name);
    });
  }
  return routes.values();
}
