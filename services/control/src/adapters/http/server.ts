import { PaddockError } from "@paddock/contracts";
import { controlOperations, type OperationShape } from "@paddock/contracts/aws";
import type { Logger } from "@paddock/service-kit";
import { type FastifyError, type FastifyInstance, fastify } from "fastify";
import { controlLimits } from "../../limits.ts";
import { internalError, requestTooLarge, sendError, unknownOperation } from "./answers.ts";
import type { Authenticate } from "./authenticate.ts";

/**
 * The bare server: bodies stay bytes, because signatures are made of them; every error leaves as
 * AWS writes it. Paths may end in a slash and carry percent-encoded ARNs.
 */
export function makeServer(logger: Logger, authenticate: Authenticate): FastifyInstance {
  const server = fastify({
    bodyLimit: controlLimits.requestBytes,
    forceCloseConnections: true,
    routerOptions: {
      ignoreTrailingSlash: true,
      maxParamLength: controlLimits.pathParameterChars,
    },
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => {
    done(null, body);
  });
  server.setNotFoundHandler((request, reply) => {
    authenticate(request);
    return sendError(
      reply,
      unknownOperation(`There is no operation at ${request.method} ${pathOf(request.raw.url)}.`),
    );
  });
  server.setErrorHandler((error: FastifyError | PaddockError, request, reply) => {
    const known = toPaddockError(error, operationOf(request.routeOptions.config));
    if (known.entry.blame === "platform") logger.error({ error }, "a request failed");
    else if (known.cause !== undefined) logger.info({ error: known.cause }, known.message);
    return sendError(reply, known);
  });
  return server;
}

function toPaddockError(
  error: FastifyError | PaddockError,
  operation: string | undefined,
): PaddockError {
  if (error instanceof PaddockError) return error;
  if (error.code === "FST_ERR_CTP_BODY_TOO_LARGE") {
    return requestTooLarge(bodyLimitOf(operation), operation ?? "requested");
  }
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return new PaddockError("InvalidRequestContentException", error.message, { cause: error });
  }
  return internalError(error);
}

function bodyLimitOf(operation: string | undefined): number {
  const shape: OperationShape | undefined = Object.values(controlOperations).find(
    ({ name }) => name === operation,
  );
  return shape?.bodyBytes ?? controlLimits.requestBytes;
}

/** Lambda routes carry their operation's name. */
function operationOf(config: unknown): string | undefined {
  if (typeof config !== "object" || config === null || !("operation" in config)) return undefined;
  return typeof config.operation === "string" ? config.operation : undefined;
}

function pathOf(target: string | undefined): string {
  return (target ?? "/").split("?", 1)[0]?.slice(0, 200) ?? "/";
}
