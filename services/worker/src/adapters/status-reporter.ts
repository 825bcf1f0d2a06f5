/** Once a second: tells everybody what this worker holds, and renews its leases at the router. */
import { hostname } from "node:os";
import { type Bus, channels } from "@paddock/bus";
import type { Isolation, WorkerStatus } from "@paddock/contracts";
import { limits } from "../limits.ts";

const MIB_BYTES = 1024 * 1024;

export interface StatusReporterOptions {
  readonly bus: Bus;
  readonly workerId: string;
  readonly isolation: Isolation;
  readonly runtimes: readonly string[];
  readonly memoryCapacityMb: number;
  readonly memoryGrantedMb: () => number;
  readonly memoryUseLimitMb: number;
  readonly memoryUsedBytes: () => number;
  readonly prebooted: () => number;
  readonly environments: () => WorkerStatus["environments"];
  /** What was given up since this was asked last. */
  readonly takeEvictions: () => WorkerStatus["evictions"];
  /** Renews this worker's leases; false: they had ended before. */
  readonly renewLeases: (capacityMb: number) => Promise<boolean>;
  /** The leases had ended: what they allowed belongs to others now. */
  readonly onLeasesLost: () => void;
  readonly onError: (error: unknown) => void;
}

export class StatusReporter {
  readonly #options: StatusReporterOptions;
  readonly #startedAtMs = Date.now();
  #timer: NodeJS.Timeout | undefined;
  #draining = false;
  #renewing = false;

  constructor(options: StatusReporterOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    await this.#options.renewLeases(this.#options.memoryCapacityMb);
    this.#publish();
    this.#timer = setInterval(() => this.#report(), limits.statusIntervalMs);
  }

  /** Says that nothing new is taken; reporting goes on until `stop`. */
  drain(): void {
    this.#draining = true;
    this.#publish();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #report(): void {
    this.#publish();
    if (this.#renewing) return;
    this.#renewing = true;
    const capacityMb = this.#draining ? 0 : this.#options.memoryCapacityMb;
    this.#options
      .renewLeases(capacityMb)
      .then((held) => {
        if (!held) this.#options.onLeasesLost();
      })
      .catch((error: unknown) => this.#options.onError(error))
      .finally(() => (this.#renewing = false));
  }

  #publish(): void {
    const { bus, workerId, isolation, runtimes, memoryCapacityMb, memoryUseLimitMb } =
      this.#options;
    const status: WorkerStatus = {
      workerId,
      hostName: hostname(),
      pid: process.pid,
      isolation,
      runtimes: [...runtimes],
      startedAtMs: this.#startedAtMs,
      sentAtMs: Date.now(),
      memoryCapacityMb,
      memoryGrantedMb: this.#options.memoryGrantedMb(),
      memoryUsedMb: Math.round(this.#options.memoryUsedBytes() / MIB_BYTES),
      memoryUseLimitMb,
      prebooted: this.#options.prebooted(),
      draining: this.#draining,
      environments: this.#options.environments(),
      evictions: this.#options.takeEvictions(),
    };
    bus.publish(channels.status, { workerId }, status);
  }
}
