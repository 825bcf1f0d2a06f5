import { routerLimits } from "../limits.ts";
import type { Applicant, Clock, FunctionLookup, Refusal } from "../ports.ts";
import type { Fleet } from "./fleet.ts";
import type { Placement, Placer } from "./placement.ts";

/**
 * Synchronous admission: an idle environment elsewhere, or a new one, or some waiting, or a
 * refusal that says why. Every applicant gets exactly one of them.
 */
export interface AdmissionParts {
  readonly functions: FunctionLookup;
  readonly fleet: Fleet;
  readonly placer: Placer;
  readonly clock: Clock;
  /** Something about one applicant failed; it was refused. */
  readonly onError: (error: unknown) => void;
}

type Lack = Exclude<Placement["kind"], "placed">;
type Outcome = { readonly kind: "done" } | { readonly kind: "lacks"; readonly lack: Lack };

interface Waiting {
  readonly applicant: Applicant;
  readonly untilMs: number;
  readonly lack: Lack;
}

const DONE: Outcome = { kind: "done" };

export class Admission {
  readonly #parts: AdmissionParts;
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(parts: AdmissionParts) {
    this.#parts = parts;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  async admit(applicant: Applicant): Promise<void> {
    const outcome = await this.#guarded(applicant);
    if (outcome.kind === "done") return;
    const { lack } = outcome;
    const isFull = this.#waiting.length >= routerLimits.waitingInvocations;
    if (lack === "function-limit" || isFull || this.#stopped) {
      applicant.refuse(refusalFor(lack));
      return;
    }
    const waitMs =
      lack === "account-limit" ? routerLimits.waitForAccountMs : routerLimits.waitForWorkerMs;
    const untilMs = Math.min(this.#parts.clock.nowMs() + waitMs, applicant.invocation.expiresAtMs);
    this.#waiting.push({ applicant, untilMs, lack });
    this.#schedule();
  }

  /** Refuses who waits; nobody waits any more. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    for (const { applicant, lack } of this.#waiting.splice(0)) applicant.refuse(refusalFor(lack));
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#waiting.length === 0 || this.#stopped) return;
    this.#timer = setTimeout(() => void this.#retryWaiting(), routerLimits.waitingRetryMs);
  }

  /** Oldest first; who is not placed keeps the place in front of those who came later. */
  async #retryWaiting(): Promise<void> {
    const now = this.#waiting.splice(0, routerLimits.waitingRetryBatch);
    const still = await Promise.all(now.map((each) => this.#retry(each)));
    this.#waiting.unshift(...still.filter((each) => each !== undefined));
    this.#refuseLate();
    this.#timer = undefined;
    if (this.#stopped) this.stop();
    else this.#schedule();
  }

  async #retry(waiting: Waiting): Promise<Waiting | undefined> {
    const outcome = await this.#guarded(waiting.applicant);
    return outcome.kind === "done" ? undefined : { ...waiting, lack: outcome.lack };
  }

  #refuseLate(): void {
    const nowMs = this.#parts.clock.nowMs();
    this.#waiting = this.#waiting.filter(({ applicant, untilMs, lack }) => {
      if (untilMs > nowMs) return true;
      applicant.refuse(refusalFor(lack));
      return false;
    });
  }

  async #guarded(applicant: Applicant): Promise<Outcome> {
    try {
      return await this.#attempt(applicant);
    } catch (error) {
      this.#parts.onError(error);
      applicant.refuse({
        errorCode: "ServiceException",
        message: "The service could not place the invocation. Please try again.",
      });
      return DONE;
    }
  }

  async #attempt(applicant: Applicant): Promise<Outcome> {
    const { functions, fleet, placer, clock } = this.#parts;
    const { triedWorkerIds } = applicant.invocation;
    // Whoever sent it may not have heard yet that its configuration was replaced.
    const target = functions.currentTarget(applicant.invocation.target);
    const invocation = { ...applicant.invocation, target };
    // The caller is gone: an answer would reach nobody.
    if (invocation.expiresAtMs <= clock.nowMs()) {
      applicant.dismiss();
      return DONE;
    }
    const known = functions.getVersion(target.functionName, target.version);
    // The gateway may know what was made a moment ago before it is known here.
    if (known === undefined) await functions.arrived(target.functionName, target.version);
    const record = functions.getFunction(target.functionName);
    const version = functions.getVersion(target.functionName, target.version);
    if (record === undefined || version === undefined) {
      applicant.refuse(notFound(invocation.invokedFunctionArn));
      return DONE;
    }
    if (record.reservedConcurrency === 0) {
      applicant.refuse(refusalFor("function-limit"));
      return DONE;
    }
    if (triedWorkerIds.length < routerLimits.offers) {
      const idleWorkerId = fleet.takeIdle(target, triedWorkerIds, clock.nowMs());
      if (idleWorkerId !== undefined) {
        applicant.run(idleWorkerId, { invocation });
        return DONE;
      }
    }
    const placement = await placer.place(target, version, true);
    if (placement.kind !== "placed") return { kind: "lacks", lack: placement.kind };
    applicant.run(placement.workerId, { invocation, grant: placement.grant });
    return DONE;
  }
}

/** Source: ../shared/spec/lambda-spec.md §1.2, "Observed body for invoke throttle". */
export function refusalFor(lack: Lack): Refusal {
  if (lack === "no-worker") {
    return {
      errorCode: "ServiceException",
      message: "The service is unavailable: no worker can run this function. Please try again.",
    };
  }
  const reason =
    lack === "function-limit"
      ? "ReservedFunctionConcurrentInvocationLimitExceeded"
      : "ConcurrentInvocationLimitExceeded";
  return { errorCode: "TooManyRequestsException", message: "Rate Exceeded.", reason };
}

function notFound(functionArn: string): Refusal {
  return { errorCode: "ResourceNotFoundException", message: `Function not found: ${functionArn}` };
}
