/**
 * The worker's side of the wiring thread. Descriptors belong to all threads of a process, and a
 * network namespace to one thread: so another one makes what the worker then uses, and it takes no
 * time of the worker's own.
 */
import { Worker } from "node:worker_threads";
import { messageOf, SandboxError } from "../../errors.ts";
import { sandboxLimits } from "../../limits.ts";
import type { TaskMessage, TaskResult, WiringTasks } from "./tasks.ts";

type Input<Name extends keyof WiringTasks> = Parameters<WiringTasks[Name]>;
type Output<Name extends keyof WiringTasks> = ReturnType<WiringTasks[Name]>;

interface Waiting {
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class WiringThread {
  readonly #thread: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #count = 0;
  #ended: string | undefined;

  constructor() {
    const url = new URL("thread-main.ts", import.meta.url);
    // Its descriptors are closed by other threads, which Node would otherwise warn about.
    this.#thread = new Worker(url, { trackUnmanagedFds: false });
    this.#thread.unref();
    this.#thread.on("message", (result: TaskResult) => this.#finish(result));
    this.#thread.on("error", (error) => this.#end(messageOf(error)));
    this.#thread.on("exit", () => this.#end("the thread that makes networks has ended"));
  }

  async request<Name extends keyof WiringTasks>(
    name: Name,
    ...input: Input<Name>
  ): Promise<Output<Name>> {
    if (this.#ended !== undefined) throw new SandboxError(this.#ended);
    if (this.#waiting.size >= sandboxLimits.networkTasks) {
      throw new SandboxError("too many networks are being made at once");
    }
    this.#count += 1;
    const id = this.#count;
    const output = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
    // Nobody ends while somebody waits, and nobody stays for the thread's sake.
    this.#thread.ref();
    this.#thread.postMessage({ id, name, input } satisfies TaskMessage);
    // What the task of this name returned.
    return (await output) as Output<Name>;
  }

  async close(): Promise<void> {
    this.#thread.ref();
    await this.#thread.terminate();
  }

  #finish({ id, output, error }: TaskResult): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#thread.unref();
    if (error === undefined) waiting?.resolve(output);
    else waiting?.reject(new SandboxError(error));
  }

  #end(reason: string): void {
    this.#ended ??= reason;
    for (const { reject } of this.#waiting.values()) reject(new SandboxError(this.#ended));
    this.#waiting.clear();
  }
}
