/**
 * HTTP carrier: the Runtime API 2018-06-01 for every runtime that is not ours. The process was
 * started with its environment, so `booted` is there at once and `initialize` only waits for the
 * first /next or for /init/error. Losing a connection is no failure: a runtime may open another;
 * the worker sees from the sandbox when the process is gone.
 */
import type { Server } from "node:net";
import type {
  FunctionLogLine,
  InitializeOutcome,
  InvocationOutcome,
  RuntimeInvocation,
  RuntimeSession,
} from "../port.ts";
import { RuntimeApi } from "./runtime-api.ts";
import { serveSandbox, type SandboxHttpServer } from "./server.ts";

export interface HttpSessionOptions {
  /** Listens inside the sandbox already; every connection is the session's. Never closed here. */
  readonly listener: Server;
  /**
   * As in the framed carrier, so that a worker makes both alike. Runtimes behind HTTP log to
   * stdout and stderr only, so it is never called.
   */
  readonly onLog: (line: FunctionLogLine) => void;
  /** Largest payload of a response; see `limits.responsePayloadBytes`. */
  readonly maxResponseBytes: number;
}

export function createHttpSession(options: HttpSessionOptions): RuntimeSession {
  return new HttpSession(options);
}

class HttpSession implements RuntimeSession {
  readonly booted = Promise.resolve();
  readonly #api: RuntimeApi;
  readonly #server: SandboxHttpServer;
  readonly #failed = Promise.withResolvers<{ readonly reason: string }>();
  #closed = false;

  constructor({ listener, maxResponseBytes }: HttpSessionOptions) {
    this.#api = new RuntimeApi(maxResponseBytes);
    this.#server = serveSandbox(listener, this.#api.routes());
    listener.on("close", () => this.#fail("the listener was closed"));
    listener.on("error", (error) => this.#fail(`the listener failed: ${error.message}`));
  }

  get failed(): Promise<{ readonly reason: string }> {
    return this.#failed.promise;
  }

  initialize(): Promise<InitializeOutcome> {
    return this.#api.initialized;
  }

  invoke(invocation: RuntimeInvocation): Promise<InvocationOutcome> {
    return this.#api.invoke(invocation);
  }

  settled(): Promise<void> {
    return this.#api.settled();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#server.close();
  }

  #fail(reason: string): void {
    if (this.#closed) return;
    this.close();
    this.#failed.resolve({ reason });
  }
}
