import {
  type Bus,
  type BusReply,
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
} from "@paddock/contracts";
import { gatewayLimits } from "../limits.ts";
import type { Completion, Invocations } from "../ports.ts";

/**
 * Carries invocations over the bus: synchronous ones on the warm lane of their target, through the
 * router where nobody serves that lane; asynchronous ones into the stream ACCEPTED.
 */
export class BusInvocations implements Invocations {
  readonly #bus: Bus;
  /** Calls under way; told when NATS stays away. */
  readonly #waiting = new Set<(error: PaddockError) => void>();
  #outage: NodeJS.Timeout | undefined;

  constructor(bus: Bus) {
    this.#bus = bus;
    bus.onDisconnect(() => {
      this.#outage ??= setTimeout(() => this.#giveUp(), gatewayLimits.outageGraceMs).unref();
    });
    bus.onReconnect(() => {
      clearTimeout(this.#outage);
      this.#outage = undefined;
    });
  }

  run(invocation: SyncInvocation, event: Uint8Array, timeoutSeconds: number): Promise<Completion> {
    return this.#whileConnected(this.#ask(invocation, event, deadlineMs(timeoutSeconds)));
  }

  accept(invocation: AsyncInvocation, event: Uint8Array): Promise<void> {
    return this.#whileConnected(this.#store(invocation, event));
  }

  /** Rejects without NATS, or once NATS has been away for the grace time. */
  #whileConnected<T>(work: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.add(reject);
      work.then(
        (value) => {
          this.#waiting.delete(reject);
          resolve(value);
        },
        (error: unknown) => {
          this.#waiting.delete(reject);
          reject(asPaddockError(error));
        },
      );
    });
  }

  async #ask(
    invocation: SyncInvocation,
    event: Uint8Array,
    timeoutMs: number,
  ): Promise<Completion> {
    this.#checkConnected();
    const wait = { timeoutMs };
    let reply: BusReply<InvocationResult>;
    try {
      reply = await this.#bus.request(channels.invoke, invocation.target, invocation, event, wait);
    } catch (error) {
      if (!(error instanceof NoRespondersError)) throw error;
      reply = await this.#bus.request(channels.admit, {}, invocation, event, wait);
    }
    return completionOf(reply);
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
    for (const reject of this.#waiting) reject(busIsAway());
    this.#waiting.clear();
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
