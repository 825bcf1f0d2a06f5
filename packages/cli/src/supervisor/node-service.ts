import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { serviceMessageSchema } from "@paddock/service-kit";
import { cliLimits } from "../limits.ts";
import { startChild, type Told } from "./child-process.ts";
import type { ManagedProcess } from "./managed-process.ts";

export interface NodeServiceOptions {
  readonly name: string;
  readonly after: readonly string[];
  readonly stopWave: number;
  /** The service's main.ts. */
  readonly program: string;
  /** V8's and Node's flags. */
  readonly nodeFlags: readonly string[];
  readonly environment: () => Readonly<Record<string, string>>;
  readonly dataDirectory: string;
  readonly logsDirectory: string;
}

/** Resolves on the ready message of runService; rejects with the words of its failure. */
function untilReadyMessage(child: ChildProcess, signal: AbortSignal): Promise<Told> {
  return new Promise((resolve, reject) => {
    const onMessage = (received: unknown) => {
      const message = serviceMessageSchema.safeParse(received);
      if (!message.success) return;
      if (message.data.kind === "failed") {
        reject(new Error(message.data.message));
        return;
      }
      const { notes } = message.data;
      resolve(notes === undefined ? {} : { notes });
    };
    child.on("message", onMessage);
    signal.addEventListener("abort", () => child.off("message", onMessage), { once: true });
  });
}

/** A service of ours: a Node process that says when it is ready. */
export function nodeService(options: NodeServiceOptions): ManagedProcess {
  return {
    name: options.name,
    title: options.name,
    after: options.after,
    stopWave: options.stopWave,
    start: (onExit, signal) =>
      startChild(
        {
          title: options.name,
          command: [process.execPath, ...options.nodeFlags, options.program],
          environment: options.environment(),
          workingDirectory: options.dataDirectory,
          logFile: join(options.logsDirectory, `${options.name}.log`),
          hasChannel: true,
          readyTimeoutMs: cliLimits.serviceReadyMs,
          untilReady: untilReadyMessage,
        },
        onExit,
        signal,
      ),
  };
}
