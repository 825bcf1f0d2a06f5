import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { limits, PaddockError } from "@paddock/contracts";
import { translateUrlRequest, type UrlRequest } from "@paddock/event-sources";
import { verifyRequest } from "@paddock/iam";
import { corsHeaders, isPreflight, preflightHeaders } from "../core/cors.ts";
import { type Arrival, syncInvocationOf } from "../core/invocation-documents.ts";
import { checkSwitchedOn, type ResolvedFunction } from "../core/resolve-function.ts";
import { resolveOnceKnown } from "../core/resolve-once-known.ts";
import { traceHeaderOf } from "../core/trace-header.ts";
import { badGateway, type UrlAnswer, urlAnswer } from "../core/url-answer.ts";
import { hostName } from "../core/url-host.ts";
import { gatewayLimits } from "../limits.ts";
import { BodyBudget } from "./body-budget.ts";
import { sendError } from "./http-answers.ts";
import type { InvokeDependencies } from "./http-invoke.ts";
import { traceRandomHex } from "./random-hex.ts";
import { BodyTooLargeError, ClientGoneError, NoRoomForBodyError, readBody } from "./read-body.ts";
import type { ServedUrl, UrlIndex } from "./url-index.ts";

interface Call {
  readonly requestId: string;
  readonly traceHeader: string;
  readonly served: ServedUrl;
  readonly nowMs: number;
}

/** Function URLs: from a request whose host names one to its answer. */
export class HttpUrl {
  readonly #dependencies: InvokeDependencies & { readonly urls: UrlIndex };
  readonly #budget = new BodyBudget(gatewayLimits.bufferedBodyBytes);
  #underWay = 0;

  constructor(dependencies: InvokeDependencies & { readonly urls: UrlIndex }) {
    this.#dependencies = dependencies;
  }

  /** Requests that have no answer yet. */
  get underWay(): number {
    return this.#underWay;
  }

  /** Never rejects: whatever goes wrong is answered. */
  async handle(request: IncomingMessage, response: ServerResponse, urlId: string): Promise<void> {
    const requestId = randomUUID();
    const served = this.#dependencies.urls.find(urlId);
    if (served === undefined) return refuse(request, response, { requestId, text: null });
    const nowMs = Date.now();
    const call = { requestId, served, nowMs, traceHeader: traceHeader(request, nowMs) };
    let heldBytes = 0;
    this.#underWay += 1;
    try {
      if (served.url.cors !== undefined && isPreflight(request.method ?? "", request.headers)) {
        request.resume();
        const headers = preflightHeaders(served.url.cors, request.headers.origin);
        return send(response, { status: 200, headers, body: new Uint8Array() }, call);
      }
      const body = await readBody(request, limits.syncRequestPayloadBytes, this.#budget);
      heldBytes = body.length;
      const answer = await this.#invoke(request, body, call);
      send(response, withCors(answer, served, request.headers.origin), call);
    } catch (error) {
      this.#refuse(request, response, { requestId, error });
    } finally {
      this.#budget.give(heldBytes);
      this.#underWay -= 1;
    }
  }

  async #invoke(request: IncomingMessage, body: Buffer, call: Call): Promise<UrlAnswer> {
    const { invocations } = this.#dependencies;
    const caller = this.#authorise(request, body, call.served);
    const resolved = await this.#resolve(call.served);
    const event = Buffer.from(translateUrlRequest(urlRequest(request, body, { ...call, caller })));
    if (event.length > limits.syncRequestPayloadBytes) throw new BodyTooLargeError(event.length);
    checkSwitchedOn(resolved);
    const arrival: Arrival = {
      requestId: call.requestId,
      trigger: "function-url",
      triggerDetail: call.served.url.urlId,
      traceHeader: call.traceHeader,
      acceptedAtMs: call.nowMs,
    };
    const plain = { clientContext: undefined, wantsLogTail: false };
    const document = syncInvocationOf(arrival, resolved, plain, gatewayLimits.startAllowanceMs);
    const done = await invocations.run(document, event, resolved.version);
    return done.functionError === undefined ? urlAnswer(done.payload) : badGateway;
  }

  /** Who called, where a signature is wanted. The root of the account may call whatever it has. */
  #authorise(request: IncomingMessage, body: Buffer, { url }: ServedUrl): UrlRequest["caller"] {
    if (url.authType === "NONE") {
      if (url.isPublic) return undefined;
      throw new ForbiddenError();
    }
    const { credentials, scope } = this.#dependencies;
    const { accessKeyId, principalArn } = verified(() =>
      verifyRequest({
        method: request.method ?? "",
        target: request.url ?? "",
        headers: request.rawHeaders,
        body,
        credentials: credentials.find,
        nowMs: Date.now(),
        region: scope.region,
        service: "lambda",
      }),
    );
    if (principalArn !== `arn:aws:iam::${scope.accountId}:root`) throw new ForbiddenError();
    return { accessKeyId, accountId: scope.accountId, arn: principalArn };
  }

  /** A URL whose alias is gone leads nowhere. */
  async #resolve({ functionName, url }: ServedUrl): Promise<ResolvedFunction> {
    const { functions, scope } = this.#dependencies;
    const target = { reference: functionName, qualifier: url.qualifier };
    const resolution = { functions, scope, principalArn: "anonymous", random: Math.random };
    try {
      return await resolveOnceKnown(target, resolution);
    } catch (error) {
      if (error instanceof PaddockError && error.code === "ResourceNotFoundException") {
        throw new ForbiddenError();
      }
      throw error;
    }
  }

  #refuse(
    request: IncomingMessage,
    response: ServerResponse,
    { requestId, error }: { requestId: string; error: unknown },
  ): void {
    if (error instanceof ClientGoneError) return;
    if (error instanceof ForbiddenError) {
      return refuse(request, response, { requestId, text: FORBIDDEN });
    }
    sendError(request, response, { requestId, error: this.#told(error) });
  }

  #told(error: unknown): PaddockError {
    if (error instanceof BodyTooLargeError) {
      return new PaddockError("RequestTooLargeException", "Request Entity Too Large");
    }
    if (error instanceof NoRoomForBodyError) {
      const details = { Reason: "CallerRateLimitExceeded" };
      return new PaddockError("TooManyRequestsException", "Rate Exceeded.", { details });
    }
    const { logger } = this.#dependencies;
    if (error instanceof PaddockError && error.entry.blame === "caller") return error;
    logger.warn({ error }, "a function URL could not be answered");
    return new PaddockError("ServiceException", "Internal Server Error", { cause: error });
  }
}

const FORBIDDEN =
  "Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html";

class ForbiddenError extends Error {}

/** AWS tells callers of URLs nothing of what is wrong with their signature. */
function verified<Principal>(verify: () => Principal): Principal {
  try {
    return verify();
  } catch (error) {
    if (error instanceof PaddockError) throw new ForbiddenError();
    throw error;
  }
}

function traceHeader(request: IncomingMessage, nowMs: number): string {
  const sent = request.headers["x-amzn-trace-id"];
  return traceHeaderOf(typeof sent === "string" ? sent : undefined, {
    maxChars: gatewayLimits.traceHeaderChars,
    nowMs,
    randomHex: traceRandomHex,
  });
}

function urlRequest(
  request: IncomingMessage,
  body: Buffer,
  call: Call & { readonly caller: UrlRequest["caller"] },
): UrlRequest {
  const { socket, headers } = request;
  const { requestId, caller, nowMs: timeMs } = call;
  return {
    urlId: call.served.url.urlId,
    domainName: hostName(headers.host ?? ""),
    method: request.method ?? "",
    target: request.url ?? "/",
    headers: request.rawHeaders,
    body,
    connection: {
      sourceIp: (socket.remoteAddress ?? "").replace(/^::ffff:/, ""),
      port: socket.localPort ?? 0,
      protocol: "http",
    },
    ...{ requestId, timeMs, traceHeader: call.traceHeader },
    ...(caller === undefined ? {} : { caller }),
  };
}

/** What the URL's CORS says counts more than what the function says. */
function withCors(answer: UrlAnswer, { url }: ServedUrl, origin: string | undefined): UrlAnswer {
  if (url.cors === undefined) return answer;
  const headers = corsHeaders(url.cors, origin);
  const replaced = new Set(
    headers.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase()),
  );
  const kept = answer.headers.filter((_, at) => {
    const name = answer.headers[at - (at % 2)] ?? "";
    return !replaced.has(name.toLowerCase());
  });
  return { ...answer, headers: [...kept, ...headers] };
}

function send(response: ServerResponse, answer: UrlAnswer, call: Call): void {
  if (response.destroyed) return;
  const { status, headers, body } = answer;
  const isBodiless = status === 204 || status === 304 || status < 200;
  response.writeHead(status, [
    ...headers,
    ...(isBodiless ? [] : ["Content-Length", String(body.length)]),
    ...["x-amzn-RequestId", call.requestId],
    ...["X-Amzn-Trace-Id", call.traceHeader],
  ]);
  response.end(isBodiless ? undefined : body);
}

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  refusal: { readonly requestId: string; readonly text: string | null },
): void {
  request.resume();
  const body = JSON.stringify({ Message: refusal.text });
  response.writeHead(403, {
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(body),
    "x-amzn-RequestId": refusal.requestId,
    "x-amzn-ErrorType": "AccessDeniedException",
  });
  response.end(body);
}
