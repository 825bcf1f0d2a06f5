/** The thread that makes networks: it goes where it makes something, and never comes back. */
import { parentPort } from "node:worker_threads";
import { messageOf } from "../../errors.ts";
import type { TaskMessage, TaskResult } from "./tasks.ts";
import { Wiring } from "./wiring.ts";

const wiring = new Wiring();

parentPort?.on("message", (message: TaskMessage) => {
  parentPort?.postMessage(answer(message));
});

function answer({ id, name, input }: TaskMessage): TaskResult {
  // The input is the task's own: `WiringThread.request` saw to that.
  const task = wiring[name].bind(wiring) as (...input: readonly unknown[]) => unknown;
  try {
    return { id, output: task(...input) };
  } catch (error) {
    return { id, error: messageOf(error) };
  }
}
