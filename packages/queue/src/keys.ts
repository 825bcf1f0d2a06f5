/** Every Redis key of Paddock is built here. BullMQ's own are `<prefix>:<queue>:<type>`. */

export const keyPrefix = "paddock";

export const keys = {
  /** Zset: name of each queue that holds jobs → when to look at it, epoch ms. */
  work: `${keyPrefix}-work`,
  /** Hash: name of each queue that holds jobs → jobs added to it since it was last empty. */
  added: `${keyPrefix}-added`,
  /** String: the router that dispatches, until its term ends. */
  dispatchTerm: `${keyPrefix}-dispatch`,
  /** Zset: worker id → when its leases run out, epoch ms by Redis's clock. */
  workers: `${keyPrefix}-lease:workers`,
  /** Hash: worker id → MB that its environments may hold in sum. */
  capacity: `${keyPrefix}-lease:capacity`,
  /** Hash: worker id → MB that are leased. */
  granted: `${keyPrefix}-lease:granted`,
  /** Hash: function name → environments leased; `*` → all of them. */
  counts: `${keyPrefix}-lease:counts`,
  /** Hash: environment id → `<workerId>:<memoryMb>:<functionName>`. */
  environments: `${keyPrefix}-lease:environments`,
  /** Before a worker id: set of the environment ids that it holds. */
  ofWorkerPrefix: `${keyPrefix}-lease:of:`,
} as const;
