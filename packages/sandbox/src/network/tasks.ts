/** What the worker asks of its wiring thread, and what it gets back. */

export interface WiringTasks {
  /** Makes the network of one sandbox. */
  wire(): Wired;
}

/** Descriptors of the process: whoever gets them closes them. */
export interface Wired {
  readonly namespace: number;
  /** A socket bound to the Runtime API's place in there. */
  readonly listener: number;
}

export interface TaskMessage {
  readonly id: number;
  readonly name: keyof WiringTasks;
  readonly input: readonly unknown[];
}

export interface TaskResult {
  readonly id: number;
  readonly output?: unknown;
  readonly error?: string;
}
