import { serviceKitLimits } from "../limits.ts";
import { createLogger, type Logger } from "../logging.ts";
import { loadSettings } from "../settings/load-settings.ts";
import { withDeadline } from "./deadline.ts";
import { type HealthServer, startHealthServer } from "./health.ts";
import { failureMessage, type ServiceMessage } from "./messages.ts";

export interface RunningService {
  /** What is in force on this machine, in words: told to the parent together with being ready. */
  readonly notes?: readonly string[];
  /** Stops taking work, finishes or hands back what runs, closes connections. Called once. */
  stop(): Promise<void>;
  /** Answers the health endpoint: a reason why the service cannot work now, or undefined. */
  unhealthyBecause?(): string | undefined;
}

export interface ServiceContext {
  readonly logger: Logger;
  /** For a fault that the service cannot go on after: logged, then stopped, then exit 1. */
  fail(error: unknown): void;
}

export interface ServiceDefinition {
  /** Folder name of the service, such as `router`. */
  readonly name: string;
  /** Settings are loaded in here, so that a bad one is reported like any other failure. */
  start(context: ServiceContext): Promise<RunningService>;
}

type Phase = "starting" | "running" | "stopping";

const PARENT_GONE = "the supervisor is gone";

/** Its end was told while this process still loaded its modules, when nobody listened yet. */
function hasLostParent(): boolean {
  return process.send !== undefined && !process.connected;
}

/** One service's life: start, ready message to the parent, bounded stop, exit code. */
class ServiceRun {
  readonly #definition: ServiceDefinition;
  readonly #logger: Logger;
  #phase: Phase = "starting";
  #starting: Promise<RunningService> | undefined;
  #health: HealthServer | undefined;

  constructor(definition: ServiceDefinition, logger: Logger) {
    this.#definition = definition;
    this.#logger = logger;
  }

  async begin(): Promise<void> {
    this.#listenForEnd();
    if (hasLostParent()) {
      void this.#stop(0, PARENT_GONE);
      return;
    }
    let service: RunningService;
    try {
      const context = { logger: this.#logger, fail: (error: unknown) => this.#fail(error) };
      this.#starting = withDeadline(
        this.#definition.start(context),
        serviceKitLimits.startTimeoutMs,
        `${this.#definition.name} did not start within ${serviceKitLimits.startTimeoutMs / 1000} s`,
      );
      service = await this.#starting;
      if (this.#phase === "starting") await this.#startHealth(service);
    } catch (error) {
      this.#fail(error);
      return;
    }
    // A signal may have come while start was at work.
    if (this.#phase !== "starting") return;
    this.#phase = "running";
    this.#logger.info("ready");
    this.#tellParent(
      service.notes ? { kind: "ready", notes: [...service.notes] } : { kind: "ready" },
    );
  }

  async #startHealth(service: RunningService): Promise<void> {
    const { healthPort } = loadSettings(["healthPort"]);
    if (healthPort === 0) return;
    this.#health = await startHealthServer(healthPort, () => {
      if (this.#phase !== "running") return this.#phase;
      return service.unhealthyBecause?.();
    });
  }

  #listenForEnd(): void {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.on(signal, () => void this.#stop(0, signal));
    }
    // The supervisor is gone, however it ended: a service without one would never be stopped.
    process.on("disconnect", () => void this.#stop(0, PARENT_GONE));
    process.on("uncaughtException", (error) => this.#fail(error));
    process.on("unhandledRejection", (error) => this.#fail(error));
  }

  #fail(error: unknown): void {
    this.#logger.fatal({ error }, "failed");
    this.#tellParent({ kind: "failed", message: failureMessage(error) });
    void this.#stop(1, "a failure");
  }

  async #stop(exitCode: number, reason: string): Promise<void> {
    if (this.#phase === "stopping") return;
    this.#phase = "stopping";
    this.#logger.info({ reason }, "stopping");
    try {
      await withDeadline(
        this.#stopService(),
        serviceKitLimits.stopTimeoutMs,
        `${this.#definition.name} did not stop within ${serviceKitLimits.stopTimeoutMs / 1000} s`,
      );
      this.#health?.stop();
      this.#logger.info("stopped");
    } catch (error) {
      this.#logger.error({ error }, "stopped with an error");
      exitCode = 1;
    }
    process.exit(exitCode);
  }

  /** One that is being made is waited for, so that it releases what it has taken already. */
  async #stopService(): Promise<void> {
    const service = await this.#starting?.catch(() => undefined);
    await service?.stop();
  }

  #tellParent(message: ServiceMessage): void {
    // The callback takes the error of a parent that went away in that moment.
    if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
  }
}

/**
 * Runs a service as this process. Returns when it is ready, or has failed and is on its way out;
 * the process ends with code 0 after SIGTERM, SIGINT or the parent's end, with 1 after a failure.
 */
export async function runService(definition: ServiceDefinition): Promise<void> {
  await new ServiceRun(definition, createLogger(definition.name)).begin();
}
