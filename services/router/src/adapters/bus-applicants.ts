import { type Bus, type BusSubscription, channels } from "@paddock/bus";
import type { Applicant } from "../ports.ts";

/** Synchronous invocations that reach the router, each as an applicant for an environment. */
export function receiveApplicants(
  bus: Bus,
  admit: (applicant: Applicant) => Promise<void>,
): BusSubscription {
  return bus.subscribe(channels.admit, {}, (message) => {
    const { document: invocation, payload } = message;
    const { requestId } = invocation;
    return admit({
      invocation,
      refuse: (refusal) => message.respond({ status: "refused", requestId, ...refusal }),
      run: (workerId, placed) => message.forward(channels.run, { workerId }, placed, payload),
    });
  });
}
