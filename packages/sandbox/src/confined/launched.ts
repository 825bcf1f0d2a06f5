/**
 * A program that isolates, from its start until its command waits to be let go: so that limits and
 * network are in force before the command runs.
 *
 *     descriptor 1, 2   output of the command
 *     descriptor 3      the channel, where one is wanted
 *     descriptor 4      the program tells the id of the process that was started
 *     descriptor 5      the program waits for a byte on this one
 */
import type { ChildProcess } from "node:child_process";
import type { Duplex, Readable } from "node:stream";
import { SandboxError } from "../errors.ts";
import { type CommandStatus, commandStatus } from "../exit-status.ts";
import { readInitPid } from "./init-pid.ts";

export const descriptors = { channel: 3, status: 4, block: 5 } as const;

export interface Launched {
  /** What is in the sandbox's namespaces, by its id outside. It waits until `release`. */
  readonly initPid: number;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly channel: Duplex | undefined;
  /** Resolves when the scratch need not be mounted outside any more: at the latest at the end. */
  readonly mounted: Promise<void>;
  /** Resolves when the program has ended, which it does with the command. */
  readonly ended: Promise<CommandStatus>;
  release(): void;
  /** Ends the program itself, and with it everything inside. */
  kill(): void;
}

export interface Started {
  /** For messages: `bubblewrap`. */
  readonly program: string;
  readonly child: ChildProcess;
  readonly hasChannel: boolean;
}

/** Rejects with what the program said when it ends before it has started anything. */
export async function launched(started: Started): Promise<Launched> {
  const { child, program } = started;
  const failed = new Promise<never>((_resolve, reject) => {
    child.once("error", (error) => reject(new SandboxError(`${program}: ${error.message}`)));
  });
  // Looked at below; and a failure to kill, later, is of no interest to anybody.
  failed.catch(() => undefined);
  if (child.pid === undefined) return failed;
  const ended = new Promise<CommandStatus>((resolve) => {
    child.once("exit", (code, signal) => resolve(commandStatus(code, signal)));
  });
  const stdout = streamOf(child, 1);
  const stderr = streamOf(child, 2);
  const block = streamOf(child, descriptors.block);
  try {
    const told = readInitPid(program, streamOf(child, descriptors.status), stderr);
    return {
      initPid: await Promise.race([told, failed]),
      stdout,
      stderr,
      channel: started.hasChannel ? streamOf(child, descriptors.channel) : undefined,
      mounted: ended.then(() => undefined),
      ended,
      release: () => block.end("\n"),
      kill: () => child.kill("SIGKILL"),
    };
  } catch (error) {
    child.kill("SIGKILL");
    await ended;
    throw error;
  }
}

/** Each "pipe" that spawn was asked for is a socket pair, so a duplex. */
export function streamOf(child: ChildProcess, descriptor: number): Duplex {
  const stream = child.stdio[descriptor];
  if (stream === null || stream === undefined) {
    throw new SandboxError(`a program was spawned without descriptor ${String(descriptor)}`);
  }
  // Node's types know neither the kind nor that it follows from the position.
  const duplex = stream as Duplex;
  // The other end may go away at any moment; it is the exit that says so, not a broken pipe.
  duplex.on("error", () => undefined);
  return duplex;
}
