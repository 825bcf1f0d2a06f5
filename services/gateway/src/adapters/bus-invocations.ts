import { setTimeout as sleep } from "node:timers/promises";
import {
  type Bus,
  type BusReply,
  type BusSubscription,
  channels,
  NoRespondersError,
  publishDurable,
  RequestTimeoutError,
} from "@paddock/bus";
import {
  type AsyncInvocation,
  errorCatalogue,
  type ErrorCode,
  type InvocationResult,
  limits,
  PaddockError,
  type SyncInvocation,
  type VersionRecord,
} from "@paddock/contracts";
import { attemptBeginning, lostAttempt, unknownPlace } from "@paddock/lambda-model";
import { WaitingCalls } from "../core/waiting-calls.ts";
import { gatewayLimits } from "../limits.ts";
import type { Completion, Invocations, LostAttempts } from "../ports.ts";

/**
 * Carries invocations over the bus: synchronous ones on the warm lane of their target, through the
 * router where nobody serves that lane; asynchronous ones into the stream ACCEPTED.
 */
export class BusInvocations implements Invocations {
  readonly #bus: Bus;
  readonly #lostAttempts: LostAttempts;
  readonly #calls = new WaitingCalls(gatewayLimits.lostAfterMs / gatewayLimits.lostCheckMs);
  readonly #held: BusSubscription;
  readonly #check: NodeJS.Timeout;
  #outage: NodeJS.Timeout | undefined;

  constructor(bus: Bus, lostAttempts: LostAttempts) {
    this.#bus = bus;
    this.#lostAttempts = lostAttempts;
    this.#held = bus.subscribe(channels.held, {}, ({ document }) => {
      this.#calls.named(document.requestIds);
    });
    this.#check = setInterval(() => {
      if (bus.isConnected) this.#calls.check();
    }, gatewayLimits.lostCheckMs);
    bus.onDisconnect(() => {
      this.#outage ??= setTimeout(() => this.#giveUp(), gatewayLimits.outageGraceMs).unref();
    });
    bus.onReconnect(() => {
      this.#calls.forgiveAll();
      clearTimeout(this.#outage);
      this.#outage = undefined;
    });
  }

  run(invocation: SyncInvocation, event: Uint8Array, version: VersionRecord): Promise<Completion> {
    const lost = () => this.#lost(invocation, version);
    const { requestId } = invocation;
    return this.#untilLost(requestId, this.#ask(invocation, event, version), lost);
  }

  accept(invocation: AsyncInvocation, event: Uint8Array): Promise<void> {
    return this.#untilLost(invocation.requestId, this.#store(invocation, event));
  }

  /** After the last call has ended. */
  stop(): void {
    clearInterval(this.#check);
    this.#held.stop();
  }

  /** Rejects once NATS has been away for the grace time, and when the invocation was lost. */
  #untilLost<T>(requestId: string, work: Promise<T>, lost?: () => PaddockError): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#calls.add(requestId, { reject, ...(lost === undefined ? {} : { lost }) });
      work.then(
        (value) => {
          this.#calls.remove(requestId);
          resolve(value);
        },
        (error: unknown) => {
          this.#calls.remove(requestId);
          reject(asPaddockError(error));
        },
      );
    });
  }

  /** Whom nobody received, nobody runs: sent again until somebody does, for a bounded time. */
  async #ask(
    invocation: SyncInvocation,
    event: Uint8Array,
    version: VersionRecord,
  ): Promise<Completion> {
    const giveUpAtMs = Date.now() + gatewayLimits.nobodyMs;
    for (;;) {
      this.#checkConnected();
      try {
        return completionOf(await this.#send(invocation, event, version));
      } catch (error) {
        if (!(error instanceof NoRespondersError) || Date.now() > giveUpAtMs) throw error;
      }
      await sleep(gatewayLimits.nobodyPollMs);
      this.#calls.named([invocation.requestId]);
    }
  }

  async #send(
    invocation: SyncInvocation,
    event: Uint8Array,
    { timeoutSeconds }: VersionRecord,
  ): Promise<BusReply<InvocationResult>> {
    const wait = { timeoutMs: deadlineMs(timeoutSeconds) };
    try {
      return await this.#bus.request(channels.invoke, invocation.target, invocation, event, wait);
    } catch (error) {
      if (!(error instanceof NoRespondersError)) throw error;
      return this.#bus.request(channels.admit, {}, invocation, event, wait);
    }
  }

  async #store(invocation: AsyncInvocation, event: Uint8Array): Promise<void> {
    this.#checkConnected();
    const address = { functionName: invocation.functionName };
    const messageId = invocation.requestId;
    await publishDurable(this.#bus, channels.accepted, address, invocation, event, { messageId });
  }

  #checkConnected(): void {
    if (!this.#bus.isConnected) throw busIsAway();
  }

  #giveUp(): void {
    this.#outage = undefined;
    this.#calls.rejectAll(busIsAway());
  }

  /** Nobody has it any more: its worker died, or a router, or a message was lost with NATS. */
  #lost(invocation: SyncInvocation, version: VersionRecord): PaddockError {
    const beginning = attemptBeginning({
      invocation,
      invocationType: "RequestResponse",
      attempt: 1,
      version,
      place: unknownPlace,
    });
    this.#lostAttempts.record(lostAttempt(beginning, Date.now()));
    return new PaddockError(
      "ServiceException",
      "The worker that had the invocation was lost. The function may have run.",
    );
  }
}

/** Wait for an environment, its init phase, the function itself, the way back. */
function deadlineMs(timeoutSeconds: number): number {
  const { startAllowanceMs, answerMarginMs } = gatewayLimits;
  return startAllowanceMs + limits.initPhaseMs + timeoutSeconds * 1000 + answerMarginMs;
}

function completionOf({ document, payload }: BusReply<InvocationResult>): Completion {
  if (document.status === "completed") {
    const { executedVersion, functionError, logTailBase64 } = document;
    return { executedVersion, functionError, logTailBase64, payload };
  }
  const { errorCode, message, reason } = document;
  const details = reason === undefined ? {} : { Reason: reason };
  if (isErrorCode(errorCode)) throw new PaddockError(errorCode, message, { details });
  throw new PaddockError("ServiceException", `${errorCode}: ${message}`);
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCatalogue, code);
}

function busIsAway(): PaddockError {
  return new PaddockError(
    "ServiceException",
    "The service is unavailable: its message bus cannot be reached. Please try again.",
  );
}

function asPaddockError(error: unknown): PaddockError {
  if (error instanceof PaddockError) return error;
  return new PaddockError("ServiceException", explain(error), { cause: error });
}

function explain(error: unknown): string {
  if (error instanceof NoRespondersError) {
    return "The service is unavailable: no router is running. Please try again.";
  }
  if (error instanceof RequestTimeoutError) {
    return "No answer came within the function's time-out. The function may have run.";
  }
  return "The service could not carry out the invocation.";
}
