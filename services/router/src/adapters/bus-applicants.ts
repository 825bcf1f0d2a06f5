import {
  type Bus,
  type BusMessage,
  type BusSubscription,
  channels,
  type HeldInvocations,
} from "@paddock/bus";
import type { InvocationResult, SyncInvocation } from "@paddock/contracts";
import { routerLimits } from "../limits.ts";
import type { Applicant } from "../ports.ts";

export interface ApplicantsOptions {
  readonly bus: Bus;
  readonly held: HeldInvocations;
  readonly admit: (applicant: Applicant) => Promise<void>;
  /** Nobody is there any more under this worker's address. */
  readonly onWorkerGone: (workerId: string) => void;
}

type Message = BusMessage<object, SyncInvocation, InvocationResult>;

/**
 * Synchronous invocations that reach the router, each as an applicant for an environment. One that
 * was sent to a worker which is gone never began to run, and applies again.
 */
export function receiveApplicants(options: ApplicantsOptions): BusSubscription {
  const { bus } = options;
  return bus.subscribe(channels.admit, {}, (message) => apply(message, options, 0));
}

/** In the router's hands until it is refused, passed on, or nobody waits for it any more. */
async function apply(message: Message, options: ApplicantsOptions, lost: number): Promise<void> {
  options.held.add(message.document.requestId);
  await options.admit(applicantOf(message, options, lost));
}

function applicantOf(message: Message, options: ApplicantsOptions, lost: number): Applicant {
  const { document: invocation, payload } = message;
  const { requestId } = invocation;
  const applicant: Applicant = {
    invocation,
    dismiss: () => options.held.delete(requestId),
    refuse: (refusal) => {
      options.held.delete(requestId);
      message.respond({ status: "refused", requestId, ...refusal });
    },
    run: (workerId, placed) => {
      options.held.delete(requestId);
      message.forward(channels.run, { workerId }, placed, payload, () => {
        options.onWorkerGone(workerId);
        if (lost < routerLimits.lostWorkers) {
          void apply(message, options, lost + 1);
        } else {
          applicant.refuse({
            errorCode: "ServiceException",
            message: "The service is unavailable: its workers are ending. Please try again.",
          });
        }
      });
    },
  };
  return applicant;
}
