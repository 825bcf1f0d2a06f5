import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { limits, PaddockError } from "@paddock/contracts";
import { verifyRequest } from "@paddock/iam";
import type { Scope } from "@paddock/lambda-model";
import type { Logger } from "@paddock/service-kit";
import { checkEvent, checkEventSize, eventLimitOf, eventTooLarge } from "../core/event-check.ts";
import { type Arrival, asyncInvocationOf, syncInvocationOf } from "../core/invocation-documents.ts";
import { asyncOptions, readInvocationOptions } from "../core/invocation-options.ts";
import type { InvokeCall } from "../core/invoke-target.ts";
import { checkSwitchedOn } from "../core/resolve-function.ts";
import { type ArrivingFunctions, resolveOnceKnown } from "../core/resolve-once-known.ts";
import { traceHeaderOf } from "../core/trace-header.ts";
import { gatewayLimits } from "../limits.ts";
import type { Invocations, KnownCredentials } from "../ports.ts";
import { BodyBudget } from "./body-budget.ts";
import { sendAccepted, sendCompletion, sendEmpty, sendError } from "./http-answers.ts";
import { traceRandomHex } from "./random-hex.ts";
import { BodyTooLargeError, ClientGoneError, NoRoomForBodyError, readBody } from "./read-body.ts";

export interface InvokeDependencies {
  readonly functions: ArrivingFunctions;
  readonly credentials: KnownCredentials;
  readonly invocations: Invocations;
  readonly scope: Scope;
  readonly logger: Logger;
}

/** Invoke and InvokeAsync over HTTP: from a request whose target is known to its answer. */
export class HttpInvoke {
  readonly #dependencies: InvokeDependencies;
  readonly #budget = new BodyBudget(gatewayLimits.bufferedBodyBytes);
  #underWay = 0;

  constructor(dependencies: InvokeDependencies) {
    this.#dependencies = dependencies;
  }

  /** Invocations whose caller has no answer yet. */
  get underWay(): number {
    return this.#underWay;
  }

  /** Never rejects: whatever goes wrong is answered. The caller's leaving does not stop a function. */
  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    call: InvokeCall,
  ): Promise<void> {
    const requestId = randomUUID();
    let heldBytes = 0;
    this.#underWay += 1;
    try {
      const body = await readBody(request, limits.syncRequestPayloadBytes, this.#budget);
      heldBytes = body.length;
      await this.#invoke(request, response, { requestId, call, body });
    } catch (error) {
      if (!(error instanceof ClientGoneError)) {
        sendError(request, response, { requestId, error: this.#told(error, request, call) });
      }
    } finally {
      this.#budget.give(heldBytes);
      this.#underWay -= 1;
    }
  }

  /** In AWS's order: signature, name, function, qualifier, state, size, JSON. */
  async #invoke(
    request: IncomingMessage,
    response: ServerResponse,
    sent: { requestId: string; call: InvokeCall; body: Buffer },
  ): Promise<void> {
    const { functions, credentials, invocations, scope } = this.#dependencies;
    const { requestId, call, body } = sent;
    const nowMs = Date.now();
    const { principalArn } = verifyRequest({
      method: request.method ?? "",
      target: request.url ?? "",
      headers: request.rawHeaders,
      body,
      credentials: credentials.find,
      nowMs,
      region: scope.region,
      service: "lambda",
    });
    const resolved = await resolveOnceKnown(call, {
      functions,
      scope,
      principalArn,
      random: Math.random,
    });
    const isAsync = call.operation === "InvokeAsync";
    const options = isAsync ? asyncOptions : readInvocationOptions(request.headers);
    const limit = eventLimitOf(call.operation, options.type);
    const trace = request.headers["x-amzn-trace-id"];
    const traceHeader = traceHeaderOf(typeof trace === "string" ? trace : undefined, {
      maxChars: gatewayLimits.traceHeaderChars,
      nowMs,
      randomHex: traceRandomHex,
    });
    const arrival: Arrival = { requestId, trigger: "invoke-api", traceHeader, acceptedAtMs: nowMs };
    switch (options.type) {
      case "DryRun":
        checkEventSize(body, limit);
        sendEmpty(response, 204, requestId, traceHeader);
        return;
      case "Event":
        await invocations.accept(asyncInvocationOf(arrival, resolved), checkEvent(body, limit));
        if (isAsync) sendAccepted(response, requestId, traceHeader);
        else sendEmpty(response, 202, requestId, traceHeader);
        return;
      case "RequestResponse": {
        const event = checkEvent(body, limit);
        checkSwitchedOn(resolved);
        const { startAllowanceMs } = gatewayLimits;
        const document = syncInvocationOf(arrival, resolved, options, startAllowanceMs);
        const completion = await invocations.run(document, event, resolved.version);
        sendCompletion(response, { requestId, traceHeader, completion });
      }
    }
  }

  #told(error: unknown, request: IncomingMessage, { operation }: InvokeCall): PaddockError {
    if (error instanceof BodyTooLargeError) {
      const type =
        request.headers["x-amz-invocation-type"] === "Event" ? "Event" : "RequestResponse";
      return eventTooLarge(error.bytes, eventLimitOf(operation, type));
    }
    if (error instanceof NoRoomForBodyError) {
      const details = { Reason: "CallerRateLimitExceeded" };
      return new PaddockError("TooManyRequestsException", "Rate Exceeded.", { details });
    }
    if (!(error instanceof PaddockError)) {
      this.#dependencies.logger.error({ error }, "an invocation could not be carried out");
      return new PaddockError("ServiceException", "The service failed. This is not your fault.");
    }
    if (error.entry.blame === "platform") {
      this.#dependencies.logger.warn({ error: error.cause ?? error }, error.message);
    }
    return error;
  }
}
