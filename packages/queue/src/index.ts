export { parseQueueName, type QueueAddress, queueName } from "./catalog.ts";
export {
  ConcurrencyLeases,
  type FreedWorker,
  type LeaseCounts,
  type Reservation,
  type ReservationOutcome,
} from "./concurrency-leases.ts";
export {
  connectQueue,
  type QueueConnection,
  type QueueOptions,
  QueueUnavailableError,
  type RedisProblem,
} from "./connection.ts";
export { DispatchTerm } from "./dispatch-term.ts";
export {
  type Finished,
  InvocationQueues,
  type QueueCounts,
  type QueueProblem,
  type Taken,
  type TakenJob,
} from "./invocation-queues.ts";
export { queueLimits } from "./limits.ts";
