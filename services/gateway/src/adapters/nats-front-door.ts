import { randomUUID } from "node:crypto";
import { type Bus, type BusMessage, type BusSubscription, channels } from "@paddock/bus";
import { PaddockError, toErrorResponse } from "@paddock/contracts";
import type { Scope } from "@paddock/lambda-model";
import type { Logger } from "@paddock/service-kit";
import { checkEvent, eventLimitOf } from "../core/event-check.ts";
import { type Arrival, asyncInvocationOf, syncInvocationOf } from "../core/invocation-documents.ts";
import { checkSwitchedOn } from "../core/resolve-function.ts";
import { type ArrivingFunctions, resolveOnceKnown } from "../core/resolve-once-known.ts";
import { traceHeaderOf } from "../core/trace-header.ts";
import { gatewayLimits } from "../limits.ts";
import type { Invocations } from "../ports.ts";
import { traceRandomHex } from "./random-hex.ts";

type Message = BusMessage<{ readonly functionName: string }, undefined, undefined>;

export interface NatsFrontDoorDependencies {
  readonly bus: Bus;
  readonly functions: ArrivingFunctions;
  readonly invocations: Invocations;
  readonly scope: Scope;
  readonly logger: Logger;
}

/**
 * `invoke.<functionName>`: a message invokes asynchronously, a request synchronously. Who may
 * publish there is the NATS server's to decide. What a reply looks like: README.md.
 */
export class NatsFrontDoor {
  readonly #dependencies: NatsFrontDoorDependencies;
  readonly #subscription: BusSubscription;
  #underWay = 0;

  constructor(dependencies: NatsFrontDoorDependencies) {
    this.#dependencies = dependencies;
    this.#subscription = dependencies.bus.subscribe(channels.invokeByName, {}, (message) =>
      this.#handle(message),
    );
  }

  get underWay(): number {
    return this.#underWay;
  }

  /** Takes no new messages. */
  stop(): Promise<void> {
    return this.#subscription.drain();
  }

  async #handle(message: Message): Promise<void> {
    const requestId = randomUUID();
    this.#underWay += 1;
    try {
      if (this.#underWay > gatewayLimits.natsInvocations) throw tooMany();
      await this.#invoke(message, requestId);
    } catch (error) {
      this.#refuse(message, requestId, error);
    } finally {
      this.#underWay -= 1;
    }
  }

  async #invoke(message: Message, requestId: string): Promise<void> {
    const { functions, invocations, scope } = this.#dependencies;
    const { functionName } = message.address;
    const acceptedAtMs = Date.now();
    const resolved = await resolveOnceKnown(
      { reference: functionName, qualifier: message.header("Qualifier") },
      { functions, scope, principalArn: "anonymous", random: Math.random },
    );
    const type = message.expectsReply ? "RequestResponse" : "Event";
    const event = checkEvent(message.payload, eventLimitOf("Invoke", type));
    const arrival: Arrival = {
      requestId,
      trigger: "nats-invoke",
      triggerDetail: channels.invokeByName.subject(message.address),
      traceHeader: traceHeaderOf(message.header("X-Amzn-Trace-Id"), {
        maxChars: gatewayLimits.traceHeaderChars,
        nowMs: acceptedAtMs,
        randomHex: traceRandomHex,
      }),
      acceptedAtMs,
    };
    if (!message.expectsReply) {
      await invocations.accept(asyncInvocationOf(arrival, resolved), event);
      return;
    }
    checkSwitchedOn(resolved);
    const plain = { clientContext: undefined, wantsLogTail: false };
    const document = syncInvocationOf(arrival, resolved, plain, gatewayLimits.startAllowanceMs);
    const done = await invocations.run(document, event, resolved.version);
    message.respond(undefined, done.payload, {
      "X-Paddock-Status": "200",
      "x-amzn-RequestId": requestId,
      "X-Amz-Executed-Version": done.executedVersion,
      ...(done.functionError === undefined ? {} : { "X-Amz-Function-Error": done.functionError }),
    });
  }

  /** Without a reply subject there is nobody to tell but the log. */
  #refuse(message: Message, requestId: string, cause: unknown): void {
    const error =
      cause instanceof PaddockError
        ? cause
        : new PaddockError("ServiceException", "The service failed.", { cause });
    const { functionName } = message.address;
    if (!message.expectsReply || error.entry.blame === "platform") {
      const about = { requestId, functionName, code: error.code, error: error.cause };
      this.#dependencies.logger.warn(about, `not invoked over NATS: ${error.message}`);
    }
    const { status, body } = toErrorResponse(error);
    message.respond(undefined, Buffer.from(body), {
      "X-Paddock-Status": String(status),
      "x-amzn-RequestId": requestId,
      "x-amzn-ErrorType": error.code,
    });
  }
}

function tooMany(): PaddockError {
  const details = { Reason: "CallerRateLimitExceeded" };
  return new PaddockError("TooManyRequestsException", "Rate Exceeded.", { details });
}
